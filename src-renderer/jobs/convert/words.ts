import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Converting {source}',
    done: 'Created {name}, {size}',
  },
  ar: {
    title: 'تحويل {source}',
    done: 'أُنشئ {name}، {size}',
  },
  de: {
    title: '{source} umwandeln',
    done: '{name} erstellt, {size}',
  },
  es: {
    title: 'Convirtiendo {source}',
    done: 'Creado {name}, {size}',
  },
  ja: {
    title: '{source} を変換中',
    done: '{name} を作成しました ({size})',
  },
  'zh-CN': {
    title: '转换 {source}',
    done: '已创建 {name}，{size}',
  },
} satisfies JobWords
