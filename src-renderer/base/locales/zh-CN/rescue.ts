import type { rescueWords as english } from '../en/rescue'

export const rescueWords: typeof english = {
  rescue: {
    title: '能抢救什么？',
    unknown: '尚未查找。映像只会被读取。',
    looking: '正在查找可抢救的内容…',
    files: '未找到文件。 | {total} 个文件中有 {n} 个可完整抢救。 | {total} 个文件中有 {n} 个可完整抢救。',
    losses: '部分存在：{partial}。丢失：{lost}。',
    sizes: '即 {total} 中的 {saved}。',
    named: '没有丢失 | {n} 处损失及原因 | {n} 处损失及原因',
    partial: '只存在一部分的文件',
    fates: { zeros: '缺失处用零填充', cut: '在缺失处结束', skip: '略过' },
    states: { partial: '部分存在', lost: '丢失' },
    carve: '同时按文件开头的内容查找（较慢）',
    look: '查看可抢救的内容',
    again: '重新查看',
    save: '没有可保存的文件 | 保存 {total} 个文件中的 {n} 个… | 保存 {total} 个文件中的 {n} 个…',
    repair: '制作修复映像…',
    filesTitle: '文件保存到哪里',
    filesConfirm: '保存到此处',
    imageTitle: '修复映像放在哪里',
    imageConfirm: '在此处制作',
  },
  protect: {
    title: '防损坏保护',
    label: '相对于映像的冗余百分比（{least} 到 {most}）。在映像旁放置这样大小的文件，可修复同等数量的损坏。',
    confirm: '保护',
    range: '请输入 {least} 到 {most} 之间的百分比。',
    againTitle: '重新保护？',
    again: '新文件完成后将替换 {name}。如果映像此后有更改，请这样做。',
    againConfirm: '重新保护',
  },
}
