import type { driveWords as english } from '../en/drives'

export const driveWords: typeof english = {
  drives: {
    writeTitle: 'كتابة «{name}» على محرك USB',
    eraseTitle: 'إفراغ محرك أقراص',
    looking: 'جارٍ البحث عن محركات الأقراص…',
    none: 'لا يوجد محرك يمكن الكتابة عليه. وصّل ذاكرة USB أو بطاقة ذاكرة.',
    drive: 'محرك الأقراص',
    how: 'الطريقة',
    as: 'التنسيق',
    label: 'اسم محرك الأقراص',
    noLabel: 'بلا اسم',
    used: '{name}، المستخدم {size}',
    empty: 'لا شيء يمكن قراءته',
    findLost: 'البحث فيه عن صور مفقودة…',
    lostAll: 'سيُفقد كل ما على {name}.',
    lost: 'سيُفقد كل ما على {name}: {contents}.',
    type: 'اكتب {word} للمتابعة',
    notOffered: 'غير معروض، ولماذا',
    write: 'مسح {name} وكتابة {image}',
    erase: 'مسح {name}',
    ways: {
      auto: 'بما يناسب الصورة',
      'as-is': 'كما هي: للصور المعدّة لذلك',
      files: 'ملفًا بملف: لنظام Windows، يبدأ بـ UEFI',
    },
    kinds: {
      exfat: 'exFAT: لملفات بأي حجم',
      fat32: 'FAT32: للأجهزة القديمة، ملفات أقل من 4 غ.ب',
    },
  },
}
