export const moreSettings = {
  moreSettings: {
    images: 'イメージ',
    viewRule: '既定のビュー',
    viewRules: {
      auto: '自動',
      'rock-ridge': 'Rock Ridge',
      joliet: 'Joliet',
      udf: 'UDF',
      iso9660: 'ISO 9660',
    },
    charsetNote: 'イメージに記載がないとき。イメージごとに変更できます。',
    kinds: 'フォルダーのように開く',
    kindsNote: 'ほかは普通のファイルとして扱います。',
    associations: 'ファイルマネージャーから開く',
    associationsIn: {
      web: 'ブラウザーのページは、ファイルを開くプログラムにはなれません。インストールしたプログラムは次の拡張子で選べます: {extensions}。',
      win32:
        'Isolde は {extensions} で選べるようになりますが、既定にはなりません。Windows の 設定 › アプリ › 既定のアプリ で変えられます。',
      darwin:
        'Isolde は {extensions} で選べるようになりますが、既定にはなりません。Finder の ファイル › 情報を見る › このアプリケーションで開く で変えられます。',
      linux:
        'Isolde は {extensions} で選べるようになりますが、既定にはなりません。ファイルマネージャーの プロパティ › 開き方 で変えられます。',
    },
    unpackByteLimit: '展開するイメージの上限',
    unpackNote:
      '圧縮されたイメージ (.gz、.xz、.zst、.bz2) は一時フォルダーに展開されます。これより大きいものは開きません。',
    asRoomAllows: '空き容量の範囲まで',
    extraction: '展開',
    extractTo: '既定の展開先',
    extractToChoices: { beside: 'イメージの隣', downloads: 'ダウンロード' },
    extractIntoFolder: 'サブフォルダーを作成',
    extractIntoFolderNote: '複数の項目の場合。イメージと同じ名前になります。',
    catalog: '記憶するもの',
    indexInside: 'イメージの中身を索引付け',
    indexInsideNote:
      '.esd の Windows や SquashFS の Linux など。検索でその中のファイルも見つかります。「小さいもの」は 4 GB、200,000 ファイルまでです。',
    indexInsideRules: { never: 'しない', small: '小さいもの', always: '常に' },
    catalogByteLimit: 'カタログの最大サイズ',
    catalogNote:
      '最も長く開かれていないものから消えます。メモ、タグ、グループのあるイメージと、監視中のフォルダーのイメージは残ります。',
    noLimit: '制限なし',
    catalogKeepDays: '次の期間開いていないイメージを忘れる',
    never: '忘れない',
    days: '{n} 日後 | {n} 日後',
    catalogSize: 'イメージ {n} 個、{size} | イメージ {n} 個、{size}',
    clean: '今すぐ整理',
    cleaning: '整理中…',
    forgotten: 'イメージを {n} 個忘れました。 | イメージを {n} 個忘れました。',
  },
}
