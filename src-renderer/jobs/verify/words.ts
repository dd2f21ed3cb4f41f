import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Verifying {source}',
    ended: 'Verified {source}',
    passed: 'Passed all checks. | Passed {n} check. | Passed all {n} checks.',
    nothing:
      "{source}: length and folders are in order. It has no checksums of its files, so their contents can't be verified.",
    notPassed: 'Passed all checks. | {source}: {n} check failed | {source}: {n} checks failed',
    fact: 'no checksums | {n} check passed | {n} checks passed',
  },
  ar: {
    title: 'فحص {source}',
    ended: 'فُحص {source}',
    passed:
      'لم يُجرَ أي فحص | اجتاز الفحص الوحيد الذي تحمله الصورة | اجتاز الفحصين اللذين تحملهما الصورة | اجتاز كل الفحوص التي تحملها الصورة ({n}) | اجتاز كل الفحوص التي تحملها الصورة ({n}) | اجتاز كل الفحوص التي تحملها الصورة ({n})',
    nothing: '{source}: الطول والمجلدات سليمة. لا مجاميع اختبارية فيها، لذا لا يمكن التحقق من محتوياتها.',
    notPassed:
      'اجتازت {source} كل الفحوص | فحص واحد لم تجتزه {source} | فحصان لم تجتزهما {source} | {n} فحوص لم تجتزها {source} | {n} فحصًا لم تجتزه {source} | {n} فحص لم تجتزه {source}',
    fact: 'لا مجاميع للفحص | اجتاز فحصًا واحدًا | اجتاز فحصين | اجتاز {n} فحوص | اجتاز {n} فحصًا | اجتاز {n} فحص',
  },
  de: {
    title: '{source} prüfen',
    ended: '{source} geprüft',
    passed: 'Alle Prüfungen bestanden. | {n} Prüfung bestanden. | Alle {n} Prüfungen bestanden.',
    nothing:
      '{source}: Länge und Ordner sind in Ordnung. Es enthält keine Prüfsummen, daher lässt sich der Inhalt nicht überprüfen.',
    notPassed:
      'Alle Prüfungen bestanden | {n} Prüfung von {source} nicht bestanden | {n} Prüfungen von {source} nicht bestanden',
    fact: 'keine Prüfsummen | {n} Prüfung bestanden | {n} Prüfungen bestanden',
  },
  es: {
    title: 'Comprobando {source}',
    ended: '{source} comprobado',
    passed: 'Todas las comprobaciones superadas. | {n} comprobación superada. | Las {n} comprobaciones superadas.',
    nothing:
      '{source}: la longitud y las carpetas son correctas. No tiene sumas de comprobación, así que su contenido no se puede verificar.',
    notPassed:
      'Todas las comprobaciones superadas | {n} comprobación de {source} no superada | {n} comprobaciones de {source} no superadas',
    fact: 'sin sumas que comprobar | {n} comprobación superada | {n} comprobaciones superadas',
  },
  ja: {
    title: '{source} を検証中',
    ended: '{source} を検証しました',
    passed:
      'イメージに含まれる {n} 件の検査をすべて通過しました | イメージに含まれる {n} 件の検査をすべて通過しました | イメージに含まれる {n} 件の検査をすべて通過しました',
    nothing: '{source}: 長さとフォルダーに問題はありません。チェックサムがないため、内容は検証できません。',
    notPassed:
      '{source} の {n} 件の検査が通過しませんでした | {source} の {n} 件の検査が通過しませんでした | {source} の {n} 件の検査が通過しませんでした',
    fact: '検査するチェックサムなし | {n} 件の検査を通過 | {n} 件の検査を通過',
  },
  'zh-CN': {
    title: '校验 {source}',
    ended: '已校验 {source}',
    passed: '通过了映像自带的全部 {n} 项校验 | 通过了映像自带的全部 {n} 项校验 | 通过了映像自带的全部 {n} 项校验',
    nothing: '{source}：长度和文件夹均正常。它没有校验和，因此无法验证其内容。',
    notPassed: '{source} 有 {n} 项校验未通过 | {source} 有 {n} 项校验未通过 | {source} 有 {n} 项校验未通过',
    fact: '没有可校验的校验和 | 通过 {n} 项校验 | 通过 {n} 项校验',
  },
} satisfies JobWords
