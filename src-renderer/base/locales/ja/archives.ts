import type { archivesWords as englishWords } from '../en/archives'

export const archivesWords: typeof englishWords = {
  archiveDialog: {
    name: '名前',
    level: '圧縮',
    levels: {
      store: 'なし',
      fast: '高速',
      normal: '標準',
      best: '最高',
    },
    show: 'パスワードを表示',
    repeat: 'パスワードの再入力',
    differs: 'パスワードが一致しません。',
  },
  convertDialog: {
    title: '単純な .{extension} に変換',
    looking: 'イメージを調べています…',
    tracks:
      'オーディオトラックなし | オーディオトラック {n} 件も WAV で取り出す | オーディオトラック {n} 件も WAV で取り出す',
    tracksFolder: '{name} トラック',
    lossless: '失われるものはありません。すべて単純なイメージに収まります。',
    confirm: '変換',
  },
}
