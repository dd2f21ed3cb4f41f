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
  imageJob: {
    passed: '通过了映像自带的全部 {n} 项校验 | 通过了映像自带的全部 {n} 项校验 | 通过了映像自带的全部 {n} 项校验',
    nothing: '{source}：长度和文件夹均正常。它没有校验和，因此无法验证其内容。',
    notPassed: '{source} 有 {n} 项校验未通过 | {source} 有 {n} 项校验未通过 | {source} 有 {n} 项校验未通过',
    fact: '没有可校验的校验和 | 通过 {n} 项校验 | 通过 {n} 项校验',
    converted: '已创建 {name}，{size}',
    archived: '已创建 {name}，{size}',
  },
}
