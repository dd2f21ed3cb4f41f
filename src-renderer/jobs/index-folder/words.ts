import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Indexing images in {folder}',
    ended: 'Indexed images in {folder}',
    fact: 'no image | {n} image | {n} images',
  },
  de: {
    title: 'Abbilder in {folder} indizieren',
    ended: 'Abbilder in {folder} indiziert',
    fact: 'kein Abbild | {n} Abbild | {n} Abbilder',
  },
  es: {
    title: 'Indexando imágenes de {folder}',
    ended: 'Imágenes de {folder} indexadas',
    fact: 'ninguna imagen | {n} imagen | {n} imágenes',
  },
  ja: {
    title: '{folder} のイメージを索引付け中',
    ended: '{folder} のイメージを索引付けしました',
    fact: 'イメージなし | イメージ：{n} | イメージ：{n}',
  },
  'zh-CN': {
    title: '正在索引 {folder} 中的映像',
    ended: '已索引 {folder} 中的映像',
    fact: '没有映像 | {n} 个映像 | {n} 个映像',
  },
  ar: {
    title: 'فهرسة الصور في {folder}',
    ended: 'فُهرست الصور في {folder}',
    fact: 'لا صورة | صورة واحدة | صورتان | {n} صور | {n} صورة | {n} صورة',
  },
} satisfies JobWords
