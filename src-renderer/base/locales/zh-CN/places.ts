import type { placesCommands as englishCommands, placesWords as englishWords } from '../en/places'

export const placesCommands: typeof englishCommands = {
  favourite: '添加到收藏夹或移除',
  places: '收藏夹和去过的位置…',
  extractTo: '提取到…',
}

export const placesWords: typeof englishWords = {
  places: {
    title: '收藏夹和去过的位置',
    favourites: '收藏夹',
    left: '左窗格',
    right: '右窗格',
    remove: '从收藏夹移除',
    none: '没有此名称的位置。',
    added: '已将“{name}”添加到收藏夹',
    removed: '已将“{name}”从收藏夹移除',
  },
  extractDialog: {
    title: '提取',
    destination: '目标',
    recent: '最近的目标',
    browse: '选择文件夹…',
    keepPaths: '保留所在的文件夹',
    attributes: '权限和属性',
    modes: '完全按记录的权限',
    xattrs: '扩展属性（如果映像中有，Linux）',
    sparse: '磁盘上省略连续的零（稀疏文件）',
    confirm: '提取',
    names: '重命名文件',
    pattern: '新名称',
    tokens: '{name}：原名称，{n}：编号，{date}：日期，{ext}：扩展名',
    find: '在名称中查找',
    replace: '替换为',
    preview: '文件及其新名称',
  },
}
