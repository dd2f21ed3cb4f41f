import type { historyCommands as englishCommands, historyWords as englishWords } from '../en/history'

export const historyCommands: typeof englishCommands = {
  history: 'キューの履歴…',
  undoExtraction: '取り出しを元に戻す…',
}

export const historyWords: typeof englishWords = {
  folders: {
    none: 'フォルダーはありません。',
  },
  history: {
    title: 'キューの履歴',
    empty: 'まだ何も実行されていません。',
    list: 'ジョブ（新しい順）',
    took: '所要時間 {time}',
    undo: '取り出しを元に戻す',
    undone: '元に戻しました',
    undoTitle:
      '「{folder}」に書き込んだものを削除しますか？ | 「{folder}」に書き込んだ {n} ファイルを削除しますか？ | 「{folder}」に書き込んだ {n} ファイルを削除しますか？',
    undoText:
      '書き込んだときのままのものだけを削除します。変更されたファイル、ほかを置き換えたファイル、ほかのものが入ったフォルダーは残ります。',
    undoConfirm: '削除',
    removed: '何も削除しませんでした | {n} 項目を削除しました | {n} 項目を削除しました',
    kept: '残したものはありません: {names} | 変更されたため {n} 項目を残しました: {names} | 変更されたため {n} 項目を残しました: {names}',
    nothingToUndo: '元に戻せる取り出しはありません。',
    stillRunning: '「{what}」はまだ実行中です。キャンセルするか、終わるまでお待ちください。',
    cannotUndo: '「{what}」は元に戻せません。',
    tooManyToUndo: '「{what}」は元に戻せません。書き込んだファイルとフォルダーが {n} 個を超えています。',
    undoWhat: '「{name}」（{time} に取り出し）。',
    clear: '履歴を消去',
    elsewhere: '別のフォルダー…',
    elsewhereTitle: '別のフォルダーで再試行',
    elsewhereConfirm: 'このフォルダーを使う',
  },
}
