import type { pictures as english } from '../en/pictures'

export const pictures: typeof english = {
  pictures: {
    label: 'イメージの図',
    map: 'ディスクの地図',
    sizes: 'サイズ',
    openMap: 'ディスクの地図を開く',
  },
  map: {
    label: 'ディスクの地図。矢印キーでディスクをたどり、Enter でファイルへ移動します。',
    where: '{from} バイト目から、長さ {size}。',
    more: 'ほかのファイルはありません | ここにあと {n} 個のファイル | ここにあと {n} 個のファイル',
    damaged: '一部が欠けています。',
    checked: '検査で破損が見つかりました。',
    free: 'ディスクのうち {size} は、このビューのどのファイルにも属していません。',
    how: 'ディスクは内側から始まります。分割されたファイルは最初の部分の位置に描かれます。',
    reading: 'イメージを読み込み中です。これまでに分かった分を表示しています。',
    kind: {
      files: 'ファイル',
      damaged: '破損したファイル',
      suspect: '一致しないチェックサムの範囲内',
      structures: 'ディスク自身の構造',
      gap: 'ファイルなし',
      beyond: '欠落：イメージはここより前で終わっています',
    },
  },
  sizes: {
    label: 'サイズの地図。Enter でフォルダーに入るかファイルへ移動し、Backspace で上へ戻ります。',
    where: '表示中のフォルダー',
    rest: 'ほかにはありません | 小さいファイル {n} 個 | 小さいファイル {n} 個',
    files: 'ファイルなし | ファイル {n} 個 | ファイル {n} 個',
    nothing: 'ここにはデータがありません。',
  },
}
