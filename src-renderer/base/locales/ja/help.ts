import type { helpCommands as englishCommands, helpWords as englishWords } from '../en/help'

export const helpCommands: typeof englishCommands = {
  handbook: 'ハンドブック',
  welcome: 'ようこそページ',
}

export const helpWords: typeof englishWords = {
  guide: {
    tab: 'ようこそ',
    title: 'Isolde へようこそ',
    look: '書き込みもマウントもせずに、フォルダーのように中を見られます。',
    extract: 'ファイルを展開',
    extractText: 'すべて、または必要なものだけを取り出します。',
    extractTitle: 'ディスクイメージから展開',
    check: 'ダウンロードを確認',
    checkText: '完全か、本物かを調べます。',
    checkTitle: 'ディスクイメージを確認',
    choose: '選択',
  },
  handbook: {
    pages: 'ハンドブックのページ',
  },
}
