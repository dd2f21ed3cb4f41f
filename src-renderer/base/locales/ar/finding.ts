import type { findingCommands as englishCommands, findingWords as englishWords } from '../en/finding'

export const findingCommands: typeof englishCommands = {
  findBelow: 'بحث في هذه الصورة أو المجلد…',
  flat: 'عرض مسطّح',
  showInFolder: 'إظهار في مجلده',
}

export const findingWords: typeof englishWords = {
  below: {
    placeholder: 'جزء من اسم، أو ‎*.txt',
    find: 'بحث داخل “{name}”',
    scope: 'أين يُبحث',
    close: 'مغادرة العرض المسطّح',
  },
}
