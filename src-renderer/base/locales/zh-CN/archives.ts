import type { archivesWords as englishWords } from '../en/archives'

export const archivesWords: typeof englishWords = {
  archiveDialog: {
    name: '名称',
    level: '压缩',
    levels: {
      store: '无',
      fast: '快速',
      normal: '标准',
      best: '最佳',
    },
    show: '显示密码',
    repeat: '重复密码',
    differs: '两次输入的密码不同。',
  },
  convertDialog: {
    title: '转换为普通 .{extension}',
    looking: '正在检查映像…',
    tracks: '无音轨 | 同时将 {n} 个音轨提取为 WAV | 同时将 {n} 个音轨提取为 WAV',
    tracksFolder: '{name} 音轨',
    lossless: '不会丢失任何内容：全部可放入普通映像。',
    confirm: '转换',
  },
}
