/** How well a text answers a query: beginnings of words first, then letters in order. Null: not at all. */
export function score(text: string, query: string): number | null {
  const inText = text.toLocaleLowerCase()
  const wanted = query.toLocaleLowerCase()
  const at = inText.indexOf(wanted)
  if (at === 0) return 0
  if (at > 0) return /[\s/\\._-]/.test(inText[at - 1] ?? '') ? 1 : 2
  let from = 0
  let gaps = 0
  for (const sign of wanted.replaceAll(' ', '')) {
    const next = inText.indexOf(sign, from)
    if (next < 0) return null
    gaps += next - from
    from = next + 1
  }
  return 3 + gaps / Math.max(1, inText.length)
}

/** The items that answer a query, the best first; all of them in their own order where there is none. */
export function rank<Item>(items: readonly Item[], query: string, textOf: (item: Item) => string): Item[] {
  if (query === '') return [...items]
  return items
    .map((item, index) => ({ item, index, value: score(textOf(item), query) }))
    .filter((one): one is { item: Item; index: number; value: number } => one.value !== null)
    .sort((a, b) => a.value - b.value || a.index - b.index)
    .map(({ item }) => item)
}
