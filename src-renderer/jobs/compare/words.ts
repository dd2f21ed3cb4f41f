import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Comparing {left} with {right}',
    ended: 'Compared {left} with {right}',
    fact: 'no difference | {n} difference | {n} differences',
  },
  de: {
    title: '{left} mit {right} vergleichen',
    ended: '{left} mit {right} verglichen',
    fact: 'kein Unterschied | {n} Unterschied | {n} Unterschiede',
  },
  es: {
    title: 'Comparando {left} con {right}',
    ended: '{left} comparado con {right}',
    fact: 'sin diferencias | {n} diferencia | {n} diferencias',
  },
  ja: {
    title: '{left} と {right} を比較中',
    ended: '{left} と {right} を比較しました',
    fact: '違いなし | 違い：{n} | 違い：{n}',
  },
  'zh-CN': {
    title: '正在比较 {left} 与 {right}',
    ended: '已比较 {left} 与 {right}',
    fact: '没有差异 | {n} 处差异 | {n} 处差异',
  },
  ar: {
    title: 'مقارنة {left} مع {right}',
    ended: 'قورن {left} مع {right}',
    fact: 'لا اختلاف | اختلاف واحد | اختلافان | {n} اختلافات | {n} اختلافًا | {n} اختلاف',
  },
} satisfies JobWords
