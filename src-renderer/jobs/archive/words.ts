import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Extracting from {source} to {destination}',
    ended: 'Extracted from {source} to {destination}',
    done: 'Created {name}, {size}',
  },
  ar: {
    title: 'استخراج من {source} إلى {destination}',
    ended: 'استُخرج من {source} إلى {destination}',
    done: 'أُنشئ {name}، {size}',
  },
  de: {
    title: 'Aus {source} nach {destination} extrahieren',
    ended: 'Aus {source} nach {destination} extrahiert',
    done: '{name} erstellt, {size}',
  },
  es: {
    title: 'Extrayendo de {source} a {destination}',
    ended: 'Extraído de {source} a {destination}',
    done: 'Creado {name}, {size}',
  },
  ja: {
    title: '{source} から {destination} に取り出し中',
    ended: '{source} から {destination} に取り出しました',
    done: '{name} を作成しました ({size})',
  },
  'zh-CN': {
    title: '从 {source} 提取到 {destination}',
    ended: '已从 {source} 提取到 {destination}',
    done: '已创建 {name}，{size}',
  },
} satisfies JobWords
