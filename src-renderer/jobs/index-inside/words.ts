import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Indexing what {source} contains',
    ended: 'Indexed what {source} contains',
    fact: 'no image in it | {n} image in it | {n} images in it',
  },
  de: {
    title: 'Inhalt von {source} indizieren',
    ended: 'Inhalt von {source} indiziert',
    fact: 'kein Abbild darin | {n} Abbild darin | {n} Abbilder darin',
  },
  es: {
    title: 'Indexando lo que contiene {source}',
    ended: 'Contenido de {source} indexado',
    fact: 'ninguna imagen dentro | {n} imagen dentro | {n} imágenes dentro',
  },
  ja: {
    title: '{source} の中身を索引付け中',
    ended: '{source} の中身を索引付けしました',
    fact: '中にイメージなし | 中のイメージ：{n} | 中のイメージ：{n}',
  },
  'zh-CN': {
    title: '正在索引 {source} 包含的内容',
    ended: '已索引 {source} 包含的内容',
    fact: '其中没有映像 | 其中 {n} 个映像 | 其中 {n} 个映像',
  },
  ar: {
    title: 'فهرسة ما تحتويه {source}',
    ended: 'فُهرس ما تحتويه {source}',
    fact: 'لا صورة فيها | صورة واحدة فيها | صورتان فيها | {n} صور فيها | {n} صورة فيها | {n} صورة فيها',
  },
} satisfies JobWords
