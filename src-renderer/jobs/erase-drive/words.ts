import type { JobWords } from '../job-view'

export const words = {
  en: {
    title: 'Erasing {drive}',
    ended: 'Erased {drive}',
    done: '{drive} is empty. You can take it out.',
  },
  ar: {
    title: 'مسح {drive}',
    ended: 'مُسح {drive}',
    done: '{drive} فارغ. يمكنك إخراجه.',
  },
  de: {
    title: '{drive} löschen',
    ended: '{drive} gelöscht',
    done: '{drive} ist leer. Sie können es entfernen.',
  },
  es: {
    title: 'Borrando {drive}',
    ended: '{drive} borrado',
    done: '{drive} está vacía. Ya puede extraerla.',
  },
  ja: {
    title: '{drive} を消去中',
    ended: '{drive} を消去しました',
    done: '{drive} は空です。取り外せます。',
  },
  'zh-CN': {
    title: '擦除 {drive}',
    ended: '已擦除 {drive}',
    done: '{drive} 已清空。可以将其取出。',
  },
} satisfies JobWords
