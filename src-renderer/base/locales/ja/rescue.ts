import type { rescueWords as english } from '../en/rescue'

export const rescueWords: typeof english = {
  rescue: {
    title: '何を救出できますか？',
    unknown: 'まだ調べていません。イメージは読み取るだけです。',
    looking: '救出できるものを探しています…',
    files:
      'ファイルは見つかりませんでした。 | {total} 個中 {n} 個のファイルを完全に救出できます。 | {total} 個中 {n} 個のファイルを完全に救出できます。',
    losses: '一部のみ: {partial}。失われたもの: {lost}。',
    sizes: '{total} のうち {saved} です。',
    named: '失われたものはありません | 損失 {n} 件とその理由 | 損失 {n} 件とその理由',
    partial: '一部だけ残っているファイル',
    fates: { zeros: '欠けた部分をゼロで埋める', cut: '欠けた所で終える', skip: '除外する' },
    states: { partial: '一部のみ', lost: '失われた' },
    carve: '先頭の内容からもファイルを探す (時間がかかります)',
    look: '救出できるものを調べる',
    again: 'もう一度調べる',
    save: '保存するファイルなし | {total} 個中 {n} 個のファイルを保存… | {total} 個中 {n} 個のファイルを保存…',
    repair: '修復済みイメージを作成…',
    filesTitle: 'ファイルの保存先',
    filesConfirm: 'ここに保存',
    imageTitle: '修復済みイメージの保存先',
    imageConfirm: 'ここに作成',
  },
  protect: {
    title: '破損に備えて保護',
    label:
      'イメージに対する冗長度 (%、{least}～{most})。この大きさのファイルをイメージの隣に置くと、同じ量の破損を修復できます。',
    confirm: '保護',
    range: '{least} から {most} までの割合を入力してください。',
    againTitle: 'もう一度保護しますか?',
    again: '新しいファイルが完成すると {name} は置き換えられます。その後イメージが変わった場合に行ってください。',
    againConfirm: 'もう一度保護',
  },
}
