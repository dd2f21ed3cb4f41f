/** What the main process says by itself, most of it in the small window of the file manager's actions, in one language. */
export interface ShellWords {
  starting: string
  extracting: string
  checking: string
  /** “2 of 5”. */
  position: (position: number, total: number) => string
  finished: string
  finishedBadly: string
  /** Said of an extraction whose summary has problems. */
  problems: (count: string, first: string) => string
  notExtracted: string
  notChecked: string
  /** Of a check: so many sums, all of them right. */
  passed: (count: string) => string
  nothingToCheck: string
  notPassed: (count: string, first: string) => string
  cancel: string
  close: string
  /** Said when an update waits to be installed. */
  updateReady: (version: string) => string
  /** Title of the dialog in which a file is given its place. */
  save: (name: string) => string
}

const EN: ShellWords = {
  starting: 'Starting',
  extracting: 'Extracting',
  checking: 'Checking',
  position: (position, total) => `${position} of ${total}`,
  finished: 'Finished',
  finishedBadly: 'Finished, with problems',
  problems: (count, first) => `Problems while extracting: ${count}.${first}`,
  notExtracted: 'It could not be extracted.',
  notChecked: 'It could not be checked.',
  passed: (count) => `passed all checks (${count}).`,
  nothingToCheck:
    "length and folders are in order. It has no checksums of its files, so their contents can't be verified.",
  notPassed: (count, first) => `checks that did not pass: ${count}.${first}`,
  cancel: 'Cancel',
  close: 'Close',
  updateReady: (version) => `Isolde ${version} is ready. It is installed when you quit.`,
  save: (name) => `Save “${name}”`,
}

const DE: ShellWords = {
  starting: 'Es geht los',
  extracting: 'Wird entpackt',
  checking: 'Wird geprüft',
  position: (position, total) => `${position} von ${total}`,
  finished: 'Fertig',
  finishedBadly: 'Fertig, mit Problemen',
  problems: (count, first) => `Probleme beim Entpacken: ${count}.${first}`,
  notExtracted: 'Es konnte nicht entpackt werden.',
  notChecked: 'Es konnte nicht geprüft werden.',
  passed: (count) => `unversehrt: alle enthaltenen Prüfungen bestanden (${count}).`,
  nothingToCheck:
    'so lang wie angegeben, und jeder Ordner ist lesbar. Prüfsummen für die Dateien sind nicht enthalten.',
  notPassed: (count, first) => `nicht bestandene Prüfungen: ${count}.${first}`,
  cancel: 'Abbrechen',
  close: 'Schließen',
  updateReady: (version) => `Isolde ${version} liegt bereit und wird beim Beenden installiert.`,
  save: (name) => `„${name}“ speichern`,
}

const ES: ShellWords = {
  starting: 'Empezando',
  extracting: 'Extrayendo',
  checking: 'Comprobando',
  position: (position, total) => `${position} de ${total}`,
  finished: 'Terminado',
  finishedBadly: 'Terminado, con problemas',
  problems: (count, first) => `Problemas al extraer: ${count}.${first}`,
  notExtracted: 'No se pudo extraer.',
  notChecked: 'No se pudo comprobar.',
  passed: (count) => `íntegra: pasó todas las comprobaciones que contiene (${count}).`,
  nothingToCheck:
    'tan larga como indica, y se pueden leer todas las carpetas. No contiene sumas para comprobar sus archivos.',
  notPassed: (count, first) => `comprobaciones no superadas: ${count}.${first}`,
  cancel: 'Cancelar',
  close: 'Cerrar',
  updateReady: (version) => `Isolde ${version} está listo. Se instalará al salir.`,
  save: (name) => `Guardar «${name}»`,
}

const ZH: ShellWords = {
  starting: '正在开始',
  extracting: '正在提取',
  checking: '正在校验',
  position: (position, total) => `第 ${position} 个，共 ${total} 个`,
  finished: '已完成',
  finishedBadly: '已完成，但有问题',
  problems: (count, first) => `提取时出现的问题：${count}。${first}`,
  notExtracted: '无法提取。',
  notChecked: '无法校验。',
  passed: (count) => `完整：通过了其自带的全部校验（${count}）。`,
  nothingToCheck: '长度与记录相符，所有文件夹均可读取。其中没有可用来校验文件的校验和。',
  notPassed: (count, first) => `未通过的校验：${count}。${first}`,
  cancel: '取消',
  close: '关闭',
  updateReady: (version) => `Isolde ${version} 已准备好，将在退出时安装。`,
  save: (name) => `保存“${name}”`,
}

const JA: ShellWords = {
  starting: '開始しています',
  extracting: '展開しています',
  checking: '検証しています',
  position: (position, total) => `${total} 件中 ${position} 件目`,
  finished: '完了しました',
  finishedBadly: '完了しましたが、問題があります',
  problems: (count, first) => `展開中の問題：${count} 件。${first}`,
  notExtracted: '展開できませんでした。',
  notChecked: '検証できませんでした。',
  passed: (count) => `正常です。イメージに含まれる検査（${count} 件）をすべて通過しました。`,
  nothingToCheck:
    '長さは記録どおりで、すべてのフォルダーを読み取れます。ファイルを検査するためのチェックサムは含まれていません。',
  notPassed: (count, first) => `通過しなかった検査：${count} 件。${first}`,
  cancel: 'キャンセル',
  close: '閉じる',
  updateReady: (version) => `Isolde ${version} の準備ができました。終了時にインストールされます。`,
  save: (name) => `「${name}」を保存`,
}

const AR: ShellWords = {
  starting: 'جارٍ البدء',
  extracting: 'جارٍ الاستخراج',
  checking: 'جارٍ الفحص',
  position: (position, total) => `${position} من ${total}`,
  finished: 'انتهى',
  finishedBadly: 'انتهى مع وجود مشكلات',
  problems: (count, first) => `مشكلات أثناء الاستخراج: ${count}.${first}`,
  notExtracted: 'تعذّر استخراجه.',
  notChecked: 'تعذّر فحصه.',
  passed: (count) => `سليم: اجتاز كل الفحوص التي يحملها (${count}).`,
  nothingToCheck: 'طوله كما هو مسجَّل، وكل المجلدات قابلة للقراءة. ولا يحمل مجاميع تحقّق لملفاته.',
  notPassed: (count, first) => `فحوص لم يجتزها: ${count}.${first}`,
  cancel: 'إلغاء',
  close: 'إغلاق',
  updateReady: (version) => `‏Isolde ${version} جاهز، وسيُثبَّت عند الخروج.`,
  save: (name) => `حفظ «${name}»`,
}

const LANGUAGES: Record<string, ShellWords> = { en: EN, de: DE, es: ES, zh: ZH, ja: JA, ar: AR }

/** The words of one language, and how they run. */
export interface ShellLanguage {
  /** As in HTML's `lang`. */
  tag: string
  direction: 'ltr' | 'rtl'
  words: ShellWords
}

/**
 * The language of the small window.
 * @param setting what the settings say; `system` for what the system says
 * @param system the system's, most wanted first, as BCP 47 tags
 */
export function shellLanguage(setting: string, system: readonly string[]): ShellLanguage {
  for (const tag of setting === 'system' ? system : [setting, ...system]) {
    const [language = ''] = tag.toLowerCase().split(/[-_]/)
    const words = LANGUAGES[language]
    if (words) return { tag, direction: language === 'ar' ? 'rtl' : 'ltr', words }
  }
  return { tag: 'en', direction: 'ltr', words: EN }
}
