import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: 'استخراج بصيغة ZIP أو 7z…',
  verify: 'فحص الصورة',
  convert: 'تحويل إلى ‎.iso عادي',
}

export const imageJobWords: typeof english = {
  archive: {
    title: 'استخراج إلى أرشيف',
    what: 'لا عناصر | عنصر واحد | عنصران | {n} عناصر | {n} عنصرًا | {n} عنصر',
    everything: 'كل ما في {name}',
    to: 'إلى {folder}',
    format: 'الصيغة',
    zip: 'ZIP',
    seven: '7z',
    zipHint: 'يُفتح في كل مكان. مع كلمة مرور يُشفَّر المحتوى وتبقى الأسماء مقروءة.',
    sevenHint: 'أصغر حجمًا. مع كلمة مرور تُخفى الأسماء أيضًا. يحتاج إلى 7-Zip مثبَّتًا.',
    password: 'كلمة المرور (AES-256)',
    passwordHint: 'اتركها فارغة لعدم التشفير. لا تُحفظ: من دونها لا يستطيع أحد فتح الأرشيف.',
    confirm: 'إنشاء أرشيف',
  },
  imageJob: {
    passed:
      'لم يُجرَ أي فحص | اجتاز الفحص الوحيد الذي تحمله الصورة | اجتاز الفحصين اللذين تحملهما الصورة | اجتاز كل الفحوص التي تحملها الصورة ({n}) | اجتاز كل الفحوص التي تحملها الصورة ({n}) | اجتاز كل الفحوص التي تحملها الصورة ({n})',
    nothing: '{source}: الطول والمجلدات سليمة. لا مجاميع اختبارية فيها، لذا لا يمكن التحقق من محتوياتها.',
    notPassed:
      'اجتازت {source} كل الفحوص | فحص واحد لم تجتزه {source} | فحصان لم تجتزهما {source} | {n} فحوص لم تجتزها {source} | {n} فحصًا لم تجتزه {source} | {n} فحص لم تجتزه {source}',
    fact: 'لا مجاميع للفحص | اجتاز فحصًا واحدًا | اجتاز فحصين | اجتاز {n} فحوص | اجتاز {n} فحصًا | اجتاز {n} فحص',
    converted: 'أُنشئ {name}، {size}',
    archived: 'أُنشئ {name}، {size}',
  },
}
