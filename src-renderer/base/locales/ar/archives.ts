import type { archivesWords as englishWords } from '../en/archives'

export const archivesWords: typeof englishWords = {
  archiveDialog: {
    name: 'الاسم',
    level: 'الضغط',
    levels: {
      store: 'بلا',
      fast: 'سريع',
      normal: 'عادي',
      best: 'الأفضل',
    },
    show: 'إظهار كلمة المرور',
    repeat: 'تكرار كلمة المرور',
    differs: 'كلمتا المرور مختلفتان.',
  },
  convertDialog: {
    title: 'التحويل إلى ‎.{extension} بسيط',
    looking: 'يجري فحص الصورة…',
    tracks:
      'لا مقاطع صوتية | استخراج مقطع صوتي واحد أيضًا بصيغة WAV | استخراج مقطعين صوتيين أيضًا بصيغة WAV | استخراج {n} مقاطع صوتية أيضًا بصيغة WAV | استخراج {n} مقطعًا صوتيًا أيضًا بصيغة WAV | استخراج {n} مقطع صوتي أيضًا بصيغة WAV',
    tracksFolder: '{name} مقاطع',
    lossless: 'لا يُفقد شيء: كل ما فيه يتّسع له ملف صورة بسيط.',
    confirm: 'تحويل',
  },
}
