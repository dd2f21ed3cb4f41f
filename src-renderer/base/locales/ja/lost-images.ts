/** Disc images that a disk holds, or did. */
export const lostImageWords = {
  lost: {
    title: '失われたイメージを検索',
    titleOf: '「{name}」の失われたイメージ',
    about:
      'ディスク全体からディスクイメージを探します。ファイル、削除されたファイル、どのフォルダーからもたどれないものが対象です。ディスクは読み取るだけです。',
    where: '検索するディスク',
    other: '別のディスク、パーティション、またはディスクのイメージ',
    example: '/dev/sdb1 またはファイル',
    browse: 'ファイルを選択…',
    continue: '続ける',
    unknown: 'まだ検索していません。読み取るだけです。',
    queued: '待機中: 別のジョブがこのディスクを使用しています。',
    running:
      '検索中。まだ見つかっていません。 | 検索中。これまでに {n} 個のイメージが見つかりました。 | 検索中。これまでに {n} 個のイメージが見つかりました。',
    paused:
      '{percent}% で一時停止中。まだ見つかっていません。 | {percent}% で一時停止中。これまでに {n} 個のイメージが見つかりました。 | {percent}% で一時停止中。これまでに {n} 個のイメージが見つかりました。',
    cancelled:
      '{percent}% で停止。まだ見つかっていません。 | {percent}% で停止。これまでに {n} 個のイメージが見つかりました。 | {percent}% で停止。これまでに {n} 個のイメージが見つかりました。',
    done: 'ディスクイメージは見つかりませんでした。 | {n} 個のディスクイメージが見つかりました。破損が見当たらないもの: {undamaged}。 | {n} 個のディスクイメージが見つかりました。破損が見当たらないもの: {undamaged}。',
    map: '{name} でイメージが見つかった場所',
    stop: '停止',
    search: '今すぐ検索',
    again: 'もう一度検索',
    goOn: '検索を続ける',
    another: '別のディスク…',
    save: '保存先… | {n} 個のイメージの保存先… | {n} 個のイメージの保存先…',
    saveTitle: 'イメージの保存先: 別のディスクのフォルダー',
    saveHere: 'ここに保存',
    cut: '最初の {n} 個だけを表示しています。「isolde find」はすべてを表示します。',
    notNoted:
      'Isolde のデータがこのディスクにあるため、進行状況は保存されません。停止した検索は最初からやり直しになります。',
    unreadable: 'ディスクの一部を読み取れませんでした。',
    name: '名前',
    size: 'サイズ',
    place: '位置',
    state: '状態',
    all: 'すべて選択',
    choose: '{name} を選択',
    open: '{name} を開く',
    deleted: '削除済み',
    pieces: '{n} 個の断片',
    packed: 'ファイルシステムで圧縮されています。「isolde find」で保存できます',
    states: {
      proven: 'チェックサムで証明済み',
      whole: '全フォルダーあり',
      'partly-overwritten': '一部上書き',
      'begins-only': '先頭のみ',
    },
  },
}
