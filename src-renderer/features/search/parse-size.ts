const UNITS: Record<string, number> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30 }

/** Bytes that a person typed: “500k”, “2 GB”, “1,5 MiB”. Null for what is no size. */
export function parseSize(text: string): number | null {
  const [, number = '', unit = ''] = /^\s*(\d+(?:[.,]\d+)?)\s*([kmgt]?i?)b?\s*$/i.exec(text) ?? []
  const factor = UNITS[unit.toLowerCase()]
  return number === '' || factor === undefined ? null : Math.round(Number(number.replace(',', '.')) * factor)
}
