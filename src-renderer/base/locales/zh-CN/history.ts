import type { historyCommands as englishCommands, historyWords as englishWords } from '../en/history'

export const historyCommands: typeof englishCommands = {
  history: '队列历史…',
  undoExtraction: '撤销提取…',
}

export const historyWords: typeof englishWords = {
  folders: {
    none: '此处没有文件夹。',
  },
  history: {
    title: '队列历史',
    empty: '尚未运行任何任务。',
    list: '任务，最新的在前',
    took: '用时 {time}',
    undo: '撤销提取',
    undone: '已撤销',
    undoTitle: '删除写入“{folder}”的内容？ | 删除写入“{folder}”的 {n} 个文件？ | 删除写入“{folder}”的 {n} 个文件？',
    undoText: '仅删除与写入时完全相同的内容。已更改的文件、替换了其他文件的文件以及含有其他内容的文件夹都会保留。',
    undoConfirm: '删除',
    removed: '未删除任何内容 | 已删除 {n} 项 | 已删除 {n} 项',
    kept: '未保留任何内容：{names} | 因已更改而保留 {n} 项：{names} | 因已更改而保留 {n} 项：{names}',
    nothingToUndo: '没有可撤销的提取。',
    stillRunning: '“{what}”仍在运行。请取消它，或等它结束。',
    cannotUndo: '“{what}”无法撤销。',
    tooManyToUndo: '“{what}”无法撤消：写入的文件和文件夹超过 {n} 个。',
    undoWhat: '“{name}”，提取于 {time}。',
    clear: '清除历史',
    elsewhere: '其他文件夹…',
    elsewhereTitle: '在其他文件夹中重试',
    elsewhereConfirm: '使用此文件夹',
  },
}
