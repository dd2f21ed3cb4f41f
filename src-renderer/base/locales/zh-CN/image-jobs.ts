import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: '提取为 ZIP 或 7z…',
  verify: '校验映像',
  convert: '转换为普通 .iso',
  createImage: '创建光盘映像…',
}

export const imageJobWords: typeof english = {
  archive: {
    title: '提取为压缩包',
    what: '{n} 个项目 | {n} 个项目 | {n} 个项目',
    everything: '{name} 中的全部内容',
    format: '格式',
    zip: 'ZIP',
    seven: '7z',
    zipHint: '随处都能打开。设置密码后内容会加密，文件名仍可读。',
    sevenHint: '体积更小。设置密码后文件名也会隐藏。需要已安装 7-Zip。',
    password: '密码（AES-256）',
    passwordHint: '留空则不加密。密码不会被保存：没有它，谁也打不开压缩包。',
    confirm: '创建压缩包',
  },
  createImage: {
    title: '创建光盘映像',
    what: '{n} 个项目 | {n} 个项目 | {n} 个项目',
    folder: '“{name}”的内容',
    to: '到 {folder}',
    name: '文件名',
    label: '光盘名称',
    preset: '用途',
    presets: {
      data: '任何电脑',
      compatible: '旧电脑和设备',
      linux: 'Linux',
      windows: 'Windows 安装程序',
      udf: '仅 UDF',
    },
    presetHints: {
      data: 'UDF、Joliet 和 Rock Ridge：处处支持长文件名和任意大小的文件。',
      compatible: 'ISO 9660 第 2 级和 Joliet：只能读取前者的设备上为短文件名，文件小于 4 GB。',
      linux: 'Rock Ridge：链接、权限和所有者；找到的引导程序使其可启动。',
      windows: 'UDF 和 Joliet：支持大于 4 GB 的文件；找到的引导程序使其可启动。',
      udf: '单一目录树，适合相机、电视和大文件。',
    },
    sums: '在映像中保存校验和',
    sumsHint: '拿到它的人无需其他东西即可校验。',
    confirm: '创建映像',
  },
}
