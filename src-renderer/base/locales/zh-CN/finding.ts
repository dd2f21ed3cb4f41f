import type { findingCommands as englishCommands, findingWords as englishWords } from '../en/finding'

export const findingCommands: typeof englishCommands = {
  findBelow: '在此映像或文件夹中查找…',
  flat: '平铺所有子项',
  showInFolder: '在所在文件夹中显示',
}

export const findingWords: typeof englishWords = {
  below: {
    placeholder: '名称的一部分，或 *.txt',
    find: '在“{name}”内查找',
    scope: '查找范围',
    close: '退出平铺视图',
  },
}
