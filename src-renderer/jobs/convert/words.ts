import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Converting {source}',
    ended: 'Converted {source}',
    done: 'Created {name}, {size}',
  },
  ar: {
    title: 'تحويل {source}',
    ended: 'حُوِّل {source}',
    done: 'أُنشئ {name}، {size}',
  },
  de: {
    title: '{source} umwandeln',
    ended: '{source} umgewandelt',
    done: '{name} erstellt, {size}',
  },
  es: {
    title: 'Convirtiendo {source}',
    ended: '{source} convertido',
    done: 'Creado {name}, {size}',
  },
  ja: {
    title: '{source} を変換中',
    ended: '{source} を変換しました',
    done: '{name} を作成しました ({size})',
  },
  'zh-CN': {
    title: '转换 {source}',
    ended: '已转换 {source}',
    done: '已创建 {name}，{size}',
  },
} satisfies JobWords
