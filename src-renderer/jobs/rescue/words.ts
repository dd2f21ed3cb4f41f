import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Saving the files of {source}',
    ended: 'Saved the files of {source}',
    plan: 'What can be saved of {source}',
    image: 'Repaired image of {source}',
    fact: 'no files | {n} of {total} file complete | {n} of {total} files complete',
    canBe:
      'No files found. | {n} of {total} file can be saved completely. | {n} of {total} files can be saved completely.',
    savedFiles: 'Saved no files. | Saved {n} of {total} file completely. | Saved {n} of {total} files completely.',
    losses: 'Partly there: {partial}. Lost: {lost}.',
    repaired: 'Created {name}, {size}',
    checked: 'Written and read back: it passed its checks.',
  },
  ar: {
    title: 'إنقاذ ملفات {source}',
    ended: 'أُنقذت ملفات {source}',
    plan: 'ما يمكن إنقاذه من {source}',
    image: 'صورة مُصلَحة من {source}',
    fact: 'لا ملفات | {n} من {total} ملف مكتمل | {n} من {total} مكتملان | {n} من {total} ملفات مكتملة | {n} من {total} ملفًا مكتملًا | {n} من {total} ملف مكتمل',
    canBe:
      'لم يُعثر على ملفات. | يمكن إنقاذ {n} من {total} ملف كاملًا. | يمكن إنقاذ {n} من {total} كاملين. | يمكن إنقاذ {n} من {total} ملفات كاملة. | يمكن إنقاذ {n} من {total} ملفًا كاملًا. | يمكن إنقاذ {n} من {total} ملف كاملًا.',
    savedFiles:
      'لم يُنقذ أي ملف. | أُنقذ {n} من {total} ملف كاملًا. | أُنقذ {n} من {total} كاملين. | أُنقذ {n} من {total} ملفات كاملة. | أُنقذ {n} من {total} ملفًا كاملًا. | أُنقذ {n} من {total} ملف كاملًا.',
    losses: 'موجودة جزئيًا: {partial}. مفقودة: {lost}.',
    repaired: 'أُنشئ {name}، {size}',
    checked: 'كُتبت وقُرئت ثانيةً: اجتازت فحوصها.',
  },
  de: {
    title: 'Dateien von {source} retten',
    ended: 'Dateien von {source} gerettet',
    plan: 'Was von {source} zu retten ist',
    image: 'Repariertes Abbild von {source}',
    fact: 'keine Dateien | {n} von {total} Datei vollständig | {n} von {total} Dateien vollständig',
    canBe:
      'Keine Dateien gefunden. | {n} von {total} Datei ist vollständig zu retten. | {n} von {total} Dateien sind vollständig zu retten.',
    savedFiles:
      'Keine Dateien gerettet. | {n} von {total} Datei vollständig gerettet. | {n} von {total} Dateien vollständig gerettet.',
    losses: 'Teilweise da: {partial}. Verloren: {lost}.',
    repaired: '{name} erstellt, {size}',
    checked: 'Geschrieben und zurückgelesen: Alle Prüfungen bestanden.',
  },
  es: {
    title: 'Rescatando los archivos de {source}',
    ended: 'Archivos de {source} rescatados',
    plan: 'Lo que se puede rescatar de {source}',
    image: 'Imagen reparada de {source}',
    fact: 'ningún archivo | {n} de {total} archivo completo | {n} de {total} archivos completos',
    canBe:
      'No se encontró ningún archivo. | {n} de {total} archivo se puede rescatar completo. | {n} de {total} archivos se pueden rescatar completos.',
    savedFiles:
      'No se rescató ningún archivo. | {n} de {total} archivo rescatado completo. | {n} de {total} archivos rescatados completos.',
    losses: 'En parte: {partial}. Perdidos: {lost}.',
    repaired: 'Creado {name}, {size}',
    checked: 'Escrita y releída: superó sus comprobaciones.',
  },
  ja: {
    title: '{source} のファイルを救出中',
    ended: '{source} のファイルを救出しました',
    plan: '{source} から救出できるもの',
    image: '{source} の修復済みイメージ',
    fact: 'ファイルなし | {total} 個中 {n} 個が完全 | {total} 個中 {n} 個が完全',
    canBe:
      'ファイルは見つかりませんでした。 | {total} 個中 {n} 個のファイルを完全に救出できます。 | {total} 個中 {n} 個のファイルを完全に救出できます。',
    savedFiles:
      'ファイルは救出されませんでした。 | {total} 個中 {n} 個のファイルを完全に救出しました。 | {total} 個中 {n} 個のファイルを完全に救出しました。',
    losses: '一部のみ: {partial}。失われたもの: {lost}。',
    repaired: '{name} を作成しました ({size})',
    checked: '書き込み後に読み直し、検査をすべて通過しました。',
  },
  'zh-CN': {
    title: '抢救 {source} 的文件',
    ended: '已抢救 {source} 的文件',
    plan: '{source} 中可抢救的内容',
    image: '{source} 的修复映像',
    fact: '没有文件 | {total} 个文件中 {n} 个完整 | {total} 个文件中 {n} 个完整',
    canBe: '未找到文件。 | {total} 个文件中有 {n} 个可完整抢救。 | {total} 个文件中有 {n} 个可完整抢救。',
    savedFiles: '没有抢救任何文件。 | {total} 个文件中完整抢救了 {n} 个。 | {total} 个文件中完整抢救了 {n} 个。',
    losses: '部分存在：{partial}。丢失：{lost}。',
    repaired: '已创建 {name}，{size}',
    checked: '已写入并读回：通过了其校验。',
  },
} satisfies JobWords
