import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Saving images from {source}',
    ended: 'Saved images from {source}',
    saved: 'Nothing saved | Saved {n} image in {folder} | Saved {n} images in {folder}',
    checked:
      'The copies can be read and passed their checks. | {n} did not pass its checks. | {n} did not pass their checks.',
  },
  ar: {
    title: 'حفظ صور من {source}',
    ended: 'حُفظت صور من {source}',
    saved:
      'لم يُحفظ شيء | حُفظت صورة واحدة في {folder} | حُفظت صورتان في {folder} | حُفظت {n} صور في {folder} | حُفظت {n} صورة في {folder} | حُفظت {n} صورة في {folder}',
    checked:
      'يمكن قراءة النسخ، وقد اجتازت فحوصها. | نسخة واحدة لم تجتز فحوصها. | نسختان لم تجتازا فحوصهما. | {n} نسخ لم تجتز فحوصها. | {n} نسخة لم تجتز فحوصها. | {n} نسخة لم تجتز فحوصها.',
  },
  de: {
    title: 'Abbilder von {source} speichern',
    ended: 'Abbilder von {source} gespeichert',
    saved: 'Nichts gespeichert | {n} Abbild in {folder} gespeichert | {n} Abbilder in {folder} gespeichert',
    checked:
      'Die Kopien sind lesbar und haben ihre Prüfungen bestanden. | {n} hat seine Prüfungen nicht bestanden. | {n} haben ihre Prüfungen nicht bestanden.',
  },
  es: {
    title: 'Guardando imágenes de {source}',
    ended: 'Imágenes de {source} guardadas',
    saved: 'No se guardó nada | {n} imagen guardada en {folder} | {n} imágenes guardadas en {folder}',
    checked:
      'Las copias se pueden leer y superaron sus comprobaciones. | {n} no superó sus comprobaciones. | {n} no superaron sus comprobaciones.',
  },
  ja: {
    title: '{source} のイメージを保存中',
    ended: '{source} のイメージを保存しました',
    saved:
      '何も保存しませんでした | {n} 個のイメージを {folder} に保存しました | {n} 個のイメージを {folder} に保存しました',
    checked:
      'コピーは読み取り可能で、検査を通過しました。 | {n} 個が検査を通過しませんでした。 | {n} 個が検査を通過しませんでした。',
  },
  'zh-CN': {
    title: '正在保存 {source} 上的映像',
    ended: '已保存 {source} 上的映像',
    saved: '未保存任何内容 | 已将 {n} 个映像保存到 {folder} | 已将 {n} 个映像保存到 {folder}',
    checked: '副本可以读取，并通过了校验。 | {n} 个未通过校验。 | {n} 个未通过校验。',
  },
} satisfies JobWords
