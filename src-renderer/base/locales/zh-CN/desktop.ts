/** What only a desktop does: drags to other programs, and what the file manager offers. */
export const desktopWords = {
  desktop: {
    title: '其他程序',
    limit: '可拖出的最大选择',
    limitNote: '会先在临时文件夹中写入副本。',
    anySize: '不限大小',
    actions: '文件管理器',
    actionsNote: '在右键菜单中提取和校验。',
    install: '安装',
    remove: '移除',
    installed: '已安装到 {folder}。',
    removed: '已移除。',
  },
  dragOut: {
    preparing: '正在准备所拖项目的副本。',
    preparingDetail: '请稍后再拖一次，或按 F5 提取。',
    tooLarge: '太大，无法拖出：上限为 {limit}。',
    instead: '请按 F5 提取，或在设置中提高上限。',
  },
}
