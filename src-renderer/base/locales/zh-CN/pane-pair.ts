import type { panePairCommands as englishCommands, panePairWords as englishWords } from '../en/pane-pair'

export const panePairCommands: typeof englishCommands = {
  comparePanes: '比较窗格',
  syncPanes: '同步浏览',
  columnHeaders: '转到列标题',
  compareWith: '与…比较',
}

export const panePairWords: typeof englishWords = {
  panePair: {
    identical: '两个窗格的名称和大小相同。',
    differ: '已选择：左侧 {left}，右侧 {right}',
    how: '按名称比较，文件还按大小比较。',
    tooMany: '超过 {n} 行的窗格不在此比较。请改为比较映像。',
    compareTitle: '将“{name}”与以下映像比较',
    compareConfirm: '比较',
  },
}
