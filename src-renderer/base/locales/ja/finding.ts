import type { findingCommands as englishCommands, findingWords as englishWords } from '../en/finding'

export const findingCommands: typeof englishCommands = {
  findBelow: 'このイメージ・フォルダー内を検索…',
  flat: 'フラット表示',
  showInFolder: 'フォルダー内で表示',
}

export const findingWords: typeof englishWords = {
  below: {
    placeholder: '名前の一部、または *.txt',
    find: '「{name}」以下を検索',
    scope: '検索する場所',
    close: 'フラット表示を終了',
  },
}
