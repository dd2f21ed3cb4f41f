import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: 'ZIP または 7z として展開…',
  verify: 'イメージを検証',
  convert: '通常の .iso に変換',
  createImage: 'ディスクイメージを作成…',
}

export const imageJobWords: typeof english = {
  archive: {
    title: 'アーカイブとして展開',
    what: '{n} 個の項目 | {n} 個の項目 | {n} 個の項目',
    everything: '{name} のすべて',
    format: '形式',
    zip: 'ZIP',
    seven: '7z',
    zipHint: 'どこでも開けます。パスワードを付けると内容が暗号化されますが、名前は読めます。',
    sevenHint: 'サイズが小さくなります。パスワードを付けると名前も隠れます。7-Zip のインストールが必要です。',
    password: 'パスワード（AES-256）',
    passwordHint: '空欄なら暗号化しません。パスワードは保存されません。なくすと誰もアーカイブを開けません。',
    confirm: 'アーカイブを作成',
  },
  createImage: {
    title: 'ディスクイメージを作成',
    what: '{n} 個の項目 | {n} 個の項目 | {n} 個の項目',
    folder: '「{name}」の中身',
    to: '({folder} へ)',
    name: 'ファイル名',
    label: 'ディスクの名前',
    preset: '用途',
    presets: {
      data: 'どのコンピューターでも',
      compatible: '古いコンピューターや機器',
      linux: 'Linux',
      windows: 'Windows インストーラー',
      udf: 'UDF のみ',
    },
    presetHints: {
      data: 'UDF、Joliet、Rock Ridge: どこでも長い名前とあらゆる大きさのファイルを扱えます。',
      compatible: 'ISO 9660 レベル 2 と Joliet: ほかを読めない機器では短い名前、ファイルは 4 GB 未満です。',
      linux: 'Rock Ridge: リンク、モード、所有者を保ちます。ローダーがあれば起動できます。',
      windows: 'UDF と Joliet: 4 GB を超えるファイルを扱えます。ローダーがあれば起動できます。',
      udf: 'カメラ、テレビ、大きなファイル向けの単一のツリーです。',
    },
    sums: 'チェックサムをイメージに保存',
    sumsHint: 'イメージだけで検証できるようになります。',
    confirm: '作成',
  },
}
