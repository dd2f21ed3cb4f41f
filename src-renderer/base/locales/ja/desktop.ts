/** What only a desktop does: drags to other programs, and what the file manager offers. */
export const desktopWords = {
  desktop: {
    title: '他のプログラム',
    limit: '外へドラッグできる最大サイズ',
    limitNote: '先に一時フォルダーへコピーを書き込みます。',
    anySize: '制限なし',
    actions: 'ファイルマネージャー',
    actionsNote: 'コンテキストメニューから展開と検証を行えます。',
    install: 'インストール',
    remove: '削除',
    installed: '{folder} にインストールしました。',
    removed: '削除しました。',
  },
  dragOut: {
    preparing: 'ドラッグする項目のコピーを準備しています。',
    preparingDetail: '少し待ってからもう一度ドラッグするか、F5 で展開してください。',
    tooLarge: '大きすぎて外へドラッグできません。上限は {limit} です。',
    instead: 'F5 で展開するか、設定で上限を上げてください。',
  },
}
