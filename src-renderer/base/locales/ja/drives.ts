import type { driveWords as english } from '../en/drives'

export const driveWords: typeof english = {
  drives: {
    writeTitle: '「{name}」を USB ドライブに書き込む',
    eraseTitle: 'ドライブを空に戻す',
    looking: 'ドライブを探しています…',
    none: '書き込めるドライブがありません。USB メモリまたはメモリカードを挿してください。',
    drive: 'ドライブ',
    how: '方法',
    as: '形式',
    label: 'ドライブの名前',
    noLabel: '名前なし',
    used: '{name}、{size} 使用中',
    empty: '読み取れるものはありません',
    findLost: '失われたイメージを検索…',
    lostAll: '{name} の内容はすべて失われます。',
    lost: '{name} の内容はすべて失われます: {contents}',
    type: '続けるには {word} と入力してください',
    notOffered: '選べないドライブとその理由',
    write: '{name} を消去して {image} を書き込む',
    erase: '{name} を消去',
    ways: {
      auto: 'イメージに合わせる',
      'as-is': 'そのまま: そのために作られたイメージ用',
      files: 'ファイルごと: Windows 用、UEFI で起動',
    },
    kinds: {
      exfat: 'exFAT: サイズの制限なし',
      fat32: 'FAT32: 古い機器用、4 GB 未満のファイル',
    },
  },
}
