import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: 'ZIP または 7z として展開…',
  verify: 'イメージを検証',
  convert: '通常の .iso に変換',
}

export const imageJobWords: typeof english = {
  archive: {
    title: 'アーカイブとして展開',
    what: '{n} 個の項目 | {n} 個の項目 | {n} 個の項目',
    everything: '{name} のすべて',
    to: '展開先：{folder}',
    format: '形式',
    zip: 'ZIP',
    seven: '7z',
    zipHint: 'どこでも開けます。パスワードを付けると内容が暗号化されますが、名前は読めます。',
    sevenHint: 'サイズが小さくなります。パスワードを付けると名前も隠れます。7-Zip のインストールが必要です。',
    password: 'パスワード（AES-256）',
    passwordHint: '空欄なら暗号化しません。パスワードは保存されません。なくすと誰もアーカイブを開けません。',
    confirm: 'アーカイブを作成',
  },
}
