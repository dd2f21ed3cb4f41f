import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: '提取为 ZIP 或 7z…',
  verify: '校验映像',
  convert: '转换为普通 .iso',
}

export const imageJobWords: typeof english = {
  archive: {
    title: '提取为压缩包',
    what: '{n} 个项目 | {n} 个项目 | {n} 个项目',
    everything: '{name} 中的全部内容',
    to: '到 {folder}',
    format: '格式',
    zip: 'ZIP',
    seven: '7z',
    zipHint: '随处都能打开。设置密码后内容会加密，文件名仍可读。',
    sevenHint: '体积更小。设置密码后文件名也会隐藏。需要已安装 7-Zip。',
    password: '密码（AES-256）',
    passwordHint: '留空则不加密。密码不会被保存：没有它，谁也打不开压缩包。',
    confirm: '创建压缩包',
  },
}
