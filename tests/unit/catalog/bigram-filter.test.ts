import { describe, expect, it } from 'vitest'
import { foldName } from '../../../src-main/catalog/fold-name'
import { BigramFilter, mayHold } from '../../../src-main/catalog/bigram-filter'

const NAMES = ['Readme.TXT', 'GRÖSSE ß', '日本語の😀ファイル', 'a', 'zz top', 'e\u0301tude', 'x\tq']

function setOf(names: string[]): Uint8Array {
  const set = new BigramFilter()
  for (const name of names) set.add(foldName(name))
  return set.bits
}

describe('BigramFilter', () => {
  it('never leaves out a name that holds the text', () => {
    const bits = setOf(NAMES)
    for (const name of NAMES.map(foldName))
      for (let from = 0; from < name.length; from++)
        for (const length of [1, 2]) expect(mayHold(bits, name.slice(from, from + length))).toBe(true)
    for (const glob of ['*', '?', 'r*t', '*.tx*', 'z? t*', '*ss*']) expect(mayHold(bits, glob)).toBe(true)
  })

  it('takes capital letters of ASCII for small ones', () => {
    const set = new BigramFilter()
    set.add('README')
    expect(mayHold(set.bits, 'ad')).toBe(true)
    set.clear()
    expect(mayHold(set.bits, 'a')).toBe(false)
  })

  it('leaves out most texts that occur in no name', () => {
    const bits = setOf(Array.from({ length: 60_000 }, (_, i) => `picture number ${i} of the holidays.jpg`))
    const pairs = Array.from('qwxzköж中').flatMap((a) => Array.from('abcqwxzж').map((b) => a + b))
    expect(pairs.filter((pair) => !mayHold(bits, pair)).length).toBeGreaterThan(pairs.length * 0.9)
    expect(mayHold(bits, '*q*')).toBe(false)
  })
})
