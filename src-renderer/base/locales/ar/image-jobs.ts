import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: 'استخراج بصيغة ZIP أو 7z…',
  verify: 'فحص الصورة',
  convert: 'تحويل إلى ‎.iso عادي',
  createImage: 'إنشاء صورة قرص…',
}

export const imageJobWords: typeof english = {
  archive: {
    title: 'استخراج إلى أرشيف',
    what: 'لا عناصر | عنصر واحد | عنصران | {n} عناصر | {n} عنصرًا | {n} عنصر',
    everything: 'كل ما في {name}',
    format: 'الصيغة',
    zip: 'ZIP',
    seven: '7z',
    zipHint: 'يُفتح في كل مكان. مع كلمة مرور يُشفَّر المحتوى وتبقى الأسماء مقروءة.',
    sevenHint: 'أصغر حجمًا. مع كلمة مرور تُخفى الأسماء أيضًا. يحتاج إلى 7-Zip مثبَّتًا.',
    password: 'كلمة المرور (AES-256)',
    passwordHint: 'اتركها فارغة لعدم التشفير. لا تُحفظ: من دونها لا يستطيع أحد فتح الأرشيف.',
    confirm: 'إنشاء أرشيف',
  },
  createImage: {
    title: 'إنشاء صورة قرص',
    what: 'لا عناصر | عنصر واحد | عنصران | {n} عناصر | {n} عنصرًا | {n} عنصر',
    folder: 'محتوى «{name}»',
    to: 'إلى {folder}',
    name: 'اسم الملف',
    label: 'اسم القرص',
    preset: 'الغرض منها',
    presets: {
      data: 'أي حاسوب',
      compatible: 'حواسيب وأجهزة قديمة',
      linux: 'Linux',
      windows: 'مُثبّت Windows',
      udf: '‏UDF وحده',
    },
    presetHints: {
      data: '‏UDF وJoliet وRock Ridge: أسماء طويلة وملفات بأي حجم في كل مكان.',
      compatible: '‏ISO 9660 المستوى 2 وJoliet: أسماء قصيرة حيث لا يُقرأ غيرها، وملفات أقل من 4 GB.',
      linux: '‏Rock Ridge: الروابط والأذونات والمالكون؛ وما يوجد من محمّلات الإقلاع يجعلها قابلة للإقلاع.',
      windows: '‏UDF وJoliet: ملفات أكبر من 4 GB؛ وما يوجد من محمّلات الإقلاع يجعلها قابلة للإقلاع.',
      udf: 'شجرة واحدة، للكاميرات وأجهزة التلفاز والملفات الكبيرة.',
    },
    sums: 'حفظ المجاميع الاختبارية في الصورة',
    sumsHint: 'يستطيع من لديه الصورة أن يتحقق منها دون شيء آخر.',
    confirm: 'إنشاء الصورة',
  },
}
