import type { findingCommands as englishCommands, findingWords as englishWords } from '../en/finding'

export const findingCommands: typeof englishCommands = {
  findBelow: 'In diesem Abbild oder Ordner suchen…',
  flat: 'Flache Ansicht',
  showInFolder: 'In seinem Ordner zeigen',
}

export const findingWords: typeof englishWords = {
  below: {
    placeholder: 'Teil eines Namens oder *.txt',
    find: 'Unter „{name}“ suchen',
    scope: 'Wo gesucht wird',
    close: 'Flache Ansicht verlassen',
  },
}
