import type { placesCommands as englishCommands, placesWords as englishWords } from '../en/places'

export const placesCommands: typeof englishCommands = {
  favourite: 'お気に入りに追加・削除',
  places: 'お気に入りと訪れた場所…',
  extractTo: '展開先を指定…',
}

export const placesWords: typeof englishWords = {
  places: {
    title: 'お気に入りと訪れた場所',
    favourites: 'お気に入り',
    left: '左のペイン',
    right: '右のペイン',
    remove: 'お気に入りから削除',
    none: 'この名前の場所はありません。',
    added: '「{name}」をお気に入りに追加しました',
    removed: '「{name}」をお気に入りから削除しました',
  },
  extractDialog: {
    title: '展開',
    destination: '展開先',
    recent: '最近の展開先',
    browse: 'フォルダーを選択…',
    keepPaths: '入っているフォルダーを保つ',
    attributes: 'アクセス権と属性',
    modes: '記録されたとおりのアクセス権',
    xattrs: '拡張属性（イメージにある場合、Linux）',
    sparse: 'ゼロの連続をディスクに書かない（スパースファイル）',
    confirm: '展開',
    names: 'ファイル名を変更',
    pattern: '新しい名前',
    tokens: '{name}: 元の名前、{n}: 番号、{date}: 日付、{ext}: 拡張子',
    find: '名前の中を検索',
    replace: '置き換え',
    preview: 'ファイルと新しい名前',
  },
}
