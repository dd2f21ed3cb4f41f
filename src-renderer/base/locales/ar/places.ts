import type { placesCommands as englishCommands, placesWords as englishWords } from '../en/places'

export const placesCommands: typeof englishCommands = {
  favourite: 'إضافة إلى المفضلة أو إزالة',
  places: 'المفضلة والأماكن التي زُرتها…',
  extractTo: 'استخراج إلى…',
}

export const placesWords: typeof englishWords = {
  places: {
    title: 'المفضلة والأماكن التي زُرتها',
    favourites: 'المفضلة',
    left: 'اللوحة اليسرى',
    right: 'اللوحة اليمنى',
    remove: 'إزالة من المفضلة',
    none: 'لا مكان بهذا الاسم.',
    added: 'أُضيف “{name}” إلى المفضلة',
    removed: 'أُزيل “{name}” من المفضلة',
  },
  extractDialog: {
    title: 'استخراج',
    destination: 'الوجهة',
    recent: 'الوجهات الأخيرة',
    browse: 'اختيار مجلد…',
    keepPaths: 'الاحتفاظ بالمجلدات التي هي فيها',
    attributes: 'الأذونات والسمات',
    modes: 'الأذونات كما هي مسجّلة تمامًا',
    xattrs: 'السمات الموسّعة حيث توجد في الصورة (لينكس)',
    sparse: 'ترك سلاسل الأصفار خارج القرص (ملفات متفرقة)',
    confirm: 'استخراج',
    names: 'إعادة تسمية الملفات',
    pattern: 'الاسم الجديد',
    tokens: '{name}: اسمه، {n}: رقمه، {date}: تاريخه، {ext}: امتداده',
    find: 'البحث في الأسماء',
    replace: 'الاستبدال بـ',
    preview: 'الملفات وأسماؤها الجديدة',
  },
}
