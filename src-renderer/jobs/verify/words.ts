import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Verifying {source}',
    passed:
      'Passed: no check | Passed: {n} check that the image carries | Passed: all {n} checks that the image carries',
    nothing: '{source} is as long as it says and every folder can be read. It carries no sums to check its files by.',
    notPassed: 'Every check passed | {n} check of {source} did not pass | {n} checks of {source} did not pass',
    fact: 'no sums to check | {n} check passed | {n} checks passed',
  },
  ar: {
    title: 'فحص {source}',
    passed:
      'لم يُجرَ أي فحص | اجتاز الفحص الوحيد الذي تحمله الصورة | اجتاز الفحصين اللذين تحملهما الصورة | اجتاز كل الفحوص التي تحملها الصورة ({n}) | اجتاز كل الفحوص التي تحملها الصورة ({n}) | اجتاز كل الفحوص التي تحملها الصورة ({n})',
    nothing: 'طول {source} كما هو مسجَّل، وكل المجلدات قابلة للقراءة. ولا تحمل مجاميع تحقّق لملفاتها.',
    notPassed:
      'اجتازت {source} كل الفحوص | فحص واحد لم تجتزه {source} | فحصان لم تجتزهما {source} | {n} فحوص لم تجتزها {source} | {n} فحصًا لم تجتزه {source} | {n} فحص لم تجتزه {source}',
    fact: 'لا مجاميع للفحص | اجتاز فحصًا واحدًا | اجتاز فحصين | اجتاز {n} فحوص | اجتاز {n} فحصًا | اجتاز {n} فحص',
  },
  de: {
    title: '{source} prüfen',
    passed:
      'Bestanden: keine Prüfung | Bestanden: {n} im Abbild enthaltene Prüfung | Bestanden: alle {n} im Abbild enthaltenen Prüfungen',
    nothing:
      '{source} ist so lang wie angegeben, und jeder Ordner ist lesbar. Prüfsummen für die Dateien sind nicht enthalten.',
    notPassed:
      'Alle Prüfungen bestanden | {n} Prüfung von {source} nicht bestanden | {n} Prüfungen von {source} nicht bestanden',
    fact: 'keine Prüfsummen | {n} Prüfung bestanden | {n} Prüfungen bestanden',
  },
  es: {
    title: 'Comprobando {source}',
    passed:
      'Superadas: ninguna | Superada: {n} comprobación que contiene la imagen | Superadas: las {n} comprobaciones que contiene la imagen',
    nothing:
      '{source} es tan larga como indica y se pueden leer todas las carpetas. No contiene sumas para comprobar sus archivos.',
    notPassed:
      'Todas las comprobaciones superadas | {n} comprobación de {source} no superada | {n} comprobaciones de {source} no superadas',
    fact: 'sin sumas que comprobar | {n} comprobación superada | {n} comprobaciones superadas',
  },
  ja: {
    title: '{source} を検証中',
    passed:
      'イメージに含まれる {n} 件の検査をすべて通過しました | イメージに含まれる {n} 件の検査をすべて通過しました | イメージに含まれる {n} 件の検査をすべて通過しました',
    nothing:
      '{source} の長さは記録どおりで、すべてのフォルダーを読み取れます。ファイルを検査するためのチェックサムは含まれていません。',
    notPassed:
      '{source} の {n} 件の検査が通過しませんでした | {source} の {n} 件の検査が通過しませんでした | {source} の {n} 件の検査が通過しませんでした',
    fact: '検査するチェックサムなし | {n} 件の検査を通過 | {n} 件の検査を通過',
  },
  'zh-CN': {
    title: '校验 {source}',
    passed: '通过了映像自带的全部 {n} 项校验 | 通过了映像自带的全部 {n} 项校验 | 通过了映像自带的全部 {n} 项校验',
    nothing: '{source} 的长度与记录相符，所有文件夹均可读取。其中没有可用来校验文件的校验和。',
    notPassed: '{source} 有 {n} 项校验未通过 | {source} 有 {n} 项校验未通过 | {source} 有 {n} 项校验未通过',
    fact: '没有可校验的校验和 | 通过 {n} 项校验 | 通过 {n} 项校验',
  },
} satisfies JobWords
