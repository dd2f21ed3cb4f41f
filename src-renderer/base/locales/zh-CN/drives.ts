import type { driveWords as english } from '../en/drives'

export const driveWords: typeof english = {
  drives: {
    writeTitle: '将“{name}”写入 USB 驱动器',
    eraseTitle: '清空驱动器',
    looking: '正在查找驱动器…',
    none: '没有可写入的驱动器。请插入 U 盘或存储卡。',
    drive: '驱动器',
    how: '方式',
    as: '格式',
    label: '驱动器名称',
    noLabel: '无名称',
    used: '{name}，已用 {size}',
    empty: '没有可读取的内容',
    findLost: '在其中查找丢失的映像…',
    lostAll: '{name} 上的所有内容都将丢失。',
    lost: '{name} 上的所有内容都将丢失：{contents}。',
    type: '输入 {word} 以继续',
    notOffered: '未提供的驱动器及原因',
    write: '擦除 {name} 并写入 {image}',
    erase: '擦除 {name}',
    ways: {
      auto: '按映像而定',
      'as-is': '原样写入：适用于专为此制作的映像',
      files: '逐个文件：适用于 Windows，以 UEFI 启动',
    },
    kinds: {
      exfat: 'exFAT：文件大小不限',
      fat32: 'FAT32：适用于旧设备，文件小于 4 GB',
    },
  },
}
