import type { helpCommands as englishCommands, helpWords as englishWords } from '../en/help'

export const helpCommands: typeof englishCommands = {
  handbook: '使用手册',
  welcome: '欢迎页',
}

export const helpWords: typeof englishWords = {
  guide: {
    tab: '欢迎',
    title: '欢迎使用 Isolde',
    look: '像文件夹一样浏览其中的内容，无需刻录或装载。',
    extract: '提取文件',
    extractText: '取出全部内容，或只取需要的部分。',
    extractTitle: '从光盘映像中提取',
    check: '检查下载',
    checkText: '看看它是否完整、是否真实。',
    checkTitle: '检查光盘映像',
    choose: '选择',
  },
  handbook: {
    pages: '手册的页面',
  },
}
