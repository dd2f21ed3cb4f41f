import type { panePairCommands as englishCommands, panePairWords as englishWords } from '../en/pane-pair'

export const panePairCommands: typeof englishCommands = {
  comparePanes: 'ペインを比較',
  syncPanes: '同期して移動',
  columnHeaders: '列見出しへ移動',
  compareWith: '比較する…',
}

export const panePairWords: typeof englishWords = {
  panePair: {
    identical: '両方のペインの名前とサイズは同じです。',
    differ: '選択: 左 {left}、右 {right}',
    how: '名前で比較。ファイルはサイズも比較。',
    tooMany: '{n} 行を超えるペインはここでは比較しません。イメージを比較してください。',
    compareTitle: '「{name}」の比較相手',
    compareConfirm: '比較',
  },
}
