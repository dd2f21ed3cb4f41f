import type { fileReasons as english } from '../en/errors-files'

export const fileReasons: typeof english = {
  // Files and folders of this computer
  missingFile: '「{name}」は存在しません。名前を確認するか、ディスクを接続してください。',
  fileGone: '「{name}」はもう存在しません。',
  linkCircle: '「{name}」は循環するリンクです。',
  pathTooLong: '「{name}」はファイル名として長すぎます。',
  folderNotImage: '「{name}」はディスクイメージではなくフォルダーです。イメージファイルを選択してください。',
  mayNotRead: '「{name}」を読み取る権限がありません。',
  mayNotLookInto: '「{name}」の中を見る権限がありません。',
  readError: '「{name}」を読み取れません。デバイスが読み取りエラーを報告しています。',
  wentAway: '「{name}」は読み取り中になくなりました。',
  cannotRead: '「{name}」を読み取れません（{cause}）。',
  noSpaceFor: '「{name}」のための空き容量がありません。',
  notEnoughRoom: '「{folder}」の空きは {free} ですが、{needed} 必要です。',
  mayNotWrite: '「{name}」に書き込む権限がありません。',
  readOnlyDisk: '「{name}」は読み取り専用のディスクにあります。',
  nameExists: '「{name}」はすでに存在します。',
  namesExist: '「{folder}」にすでに存在します: {names}。何も書き込まれていません。',
  tooLargeForDisk: '「{name}」はそのディスクのファイルシステムの上限を超えています。',
  tooLargeForFat:
    '「{name}」は {size} ですが、「{folder}」のディスク（FAT32）は 4 GiB 以上のファイルを保存できません。',
  nameTooLong: '「{name}」はこのディスクには長すぎる名前です。',
  notAFolder: '「{name}」はフォルダーではありません。',
  parentGone: '「{name}」を作成できません。入れ先のフォルダーがないか、ファイルを保存できません。',
  replacedByLink: '「{name}」は書き込み中にリンクに置き換えられました。リンク経由では何も書き込まれていません。',
  cannotWrite: '「{name}」に書き込めません（{cause}）。',
  noFileName: '「{name}」はファイル名にできません。スラッシュのない名前を選んでください。',
  intoItself: '「{name}」を自身の中に入れることはできません。',
  inFolderAlready: '「{name}」はすでにこのフォルダーにあります。',
  ontoItself: '「{name}」を自身に上書きコピーすることはできません。',
  copiedNotRemoved: '「{name}」はコピーされましたが、元の場所から削除できません。',
  noOrdinaryFile: '「{name}」は通常のファイルではないためコピーされません。',
  noLinksThere: '「{name}」はリンクで、「{folder}」のディスクはリンクに対応していません。',
  attributesLost:
    '「{folder}」のディスクが対応していない属性（{attributes}）がコピーで失われました: {count} 件、最初は「{name}」です。',
  noTrash:
    '「{name}」は削除されませんでした。ディスクにごみ箱がありません。システムのファイルマネージャーで削除してください。',
  notInTrash: '「{name}」はもうごみ箱にありません。',
  holdsTrash: '「{name}」はごみ箱自体を含むため、そこへ移動できません。',
  inTrashAlready: '「{name}」はすでにごみ箱にあります。',
  inUse: '「{name}」は接続中のディスクなどとして使用中です。',
}
