import type { pictures as english } from '../en/pictures'

export const pictures: typeof english = {
  pictures: {
    label: '映像图示',
    map: '光盘分布图',
    sizes: '大小',
    openMap: '打开光盘分布图',
  },
  map: {
    label: '光盘分布图。方向键沿光盘移动，回车键转到文件。',
    where: '从第 {from} 字节起，长 {size}。',
    more: '没有其他文件 | 此处还有 {n} 个文件 | 此处还有 {n} 个文件',
    damaged: '其中一部分缺失。',
    checked: '校验发现损坏。',
    free: '光盘上有 {size} 不属于此视图的任何文件。',
    how: '光盘从内侧开始。分成几段的文件画在第一段所在之处。',
    reading: '映像仍在读取，图中显示目前已知的内容。',
    kind: {
      files: '文件',
      damaged: '损坏的文件',
      suspect: '位于不符的校验和之内',
      structures: '光盘自身的结构',
      gap: '此处没有文件',
      beyond: '缺失：映像在此之前已结束',
    },
  },
  sizes: {
    label: '大小分布图。回车键进入文件夹或转到文件，退格键返回上层。',
    where: '当前显示的文件夹',
    rest: '没有其他内容 | {n} 个较小的文件 | {n} 个较小的文件',
    files: '没有文件 | {n} 个文件 | {n} 个文件',
    nothing: '这里没有任何数据。',
  },
}
