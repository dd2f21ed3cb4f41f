import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Finding duplicates in {source}',
    ended: 'Found duplicates in {source}',
    everywhere: 'Finding duplicates in all images',
    everywhereEnded: 'Found duplicates in all images',
    fact: 'same content: {size}',
  },
  de: {
    title: 'Duplikate in {source} suchen',
    ended: 'Duplikate in {source} gesucht',
    everywhere: 'Duplikate in allen Abbildern suchen',
    everywhereEnded: 'Duplikate in allen Abbildern gesucht',
    fact: 'gleicher Inhalt: {size}',
  },
  es: {
    title: 'Buscando duplicados en {source}',
    ended: 'Duplicados de {source} buscados',
    everywhere: 'Buscando duplicados en todas las imágenes',
    everywhereEnded: 'Duplicados de todas las imágenes buscados',
    fact: 'mismo contenido: {size}',
  },
  ja: {
    title: '{source} の重複を検索中',
    ended: '{source} の重複を検索しました',
    everywhere: 'すべてのイメージの重複を検索中',
    everywhereEnded: 'すべてのイメージの重複を検索しました',
    fact: '同じ内容：{size}',
  },
  'zh-CN': {
    title: '正在查找 {source} 中的重复项',
    ended: '已查找 {source} 中的重复项',
    everywhere: '正在所有映像中查找重复项',
    everywhereEnded: '已在所有映像中查找重复项',
    fact: '内容相同：{size}',
  },
  ar: {
    title: 'البحث عن المكررات في {source}',
    ended: 'بُحث عن المكررات في {source}',
    everywhere: 'البحث عن المكررات في كل الصور',
    everywhereEnded: 'بُحث عن المكررات في كل الصور',
    fact: 'محتوى متطابق: {size}',
  },
} satisfies JobWords
