import { describe, expect, it } from 'vitest'
import { makeNode } from '../../../src-main/author/author-tree'
import { enhancedRule, isoRule, jolietRule, nameChildren, udfRule, type NameRule } from '../../../src-main/author/names'

/** The names that files (or folders) of one folder get, in the order of the question. */
function named(names: readonly string[], rule: NameRule, kind: 'file' | 'directory' = 'file'): string[] {
  const nodes = names.map((name) => makeNode({ name, kind }))
  const given = nameChildren(nodes, rule)
  return nodes.map((node) => given.get(node)?.name ?? '')
}

describe('names of ISO 9660', () => {
  it.each([
    ['readme.txt', 'README.TXT'],
    ['archive.tar.gz', 'ARCHIVE_.GZ'],
    ['no extension', 'NO_EXTEN.'],
    ['.profile', '_PROFILE.'],
    ['ends.', 'ENDS.'],
    ['é.txt', '__.TXT'],
    ['a.longextension', 'A.LON'],
  ])('of level 1: %s becomes %s', (name, expected) => {
    expect(named([name], isoRule(1))).toEqual([expected])
  })

  it('of levels 2 and 3 have thirty characters with the extension', () => {
    const [name = ''] = named([`${'n'.repeat(40)}.text`], isoRule(2))
    expect(name).toBe(`${'N'.repeat(26)}.TEXT`)
    expect(named(['d'.repeat(40)], isoRule(2), 'directory')).toEqual(['D'.repeat(31)])
  })

  it('are told apart by numbers that fit, and no number takes a name that can stay', () => {
    expect(named(['a.txt', 'A.TXT', 'a_1.txt'], isoRule(2))).toEqual(['A_2.TXT', 'A.TXT', 'A_1.TXT'])
    const many = named(
      Array.from({ length: 120 }, (_, index) => `same beginning ${index}`),
      isoRule(1),
    )
    expect(new Set(many).size).toBe(120)
    expect(many.every((name) => name.length <= 9)).toBe(true)
  })

  it('put no number behind a dot that ends a name', () => {
    expect(named(['data', 'DATA', 'data.'], isoRule(2)).toSorted()).toEqual(['DATA.', 'DATA_1.', 'DATA_2.'])
  })

  it('say why they are others', () => {
    const nodes = ['plain.txt', 'sp ace', 'x'.repeat(50), 'X'.repeat(50)].map((name) =>
      makeNode({ name, kind: 'file' }),
    )
    const given = nameChildren(nodes, isoRule(3))
    expect(nodes.map((node) => given.get(node)?.reason)).toEqual([null, 'characters', 'taken', 'length'])
  })
})

describe('names of Joliet', () => {
  it('have 64 or 103 characters and none of those that Windows has no use for', () => {
    expect(named(['a:b*?.txt'], jolietRule(false))).toEqual(['a_b__.txt'])
    expect(named([`${'n'.repeat(200)}.txt`], jolietRule(false))[0]).toHaveLength(64)
    expect(named([`${'n'.repeat(200)}.txt`], jolietRule(true))[0]).toHaveLength(103)
  })

  it('are one where only case differs, and whole pairs of surrogates', () => {
    expect(named(['a', 'A'], jolietRule(false))).toEqual(['a~1', 'A'])
    const [name = ''] = named([`${'x'.repeat(63)}𝄞`], jolietRule(false))
    expect(name).toBe('x'.repeat(63))
    expect(named(['lone \ud834'], jolietRule(false))).toEqual(['lone \ufffd'])
  })
})

describe('names of UDF and ISO 9660:1999', () => {
  it('are measured as they are recorded', () => {
    expect(named(['ü'.repeat(300)], udfRule)[0]).toHaveLength(254)
    expect(named(['日'.repeat(300)], udfRule)[0]).toHaveLength(127)
    expect(Buffer.byteLength(named(['日'.repeat(300)], enhancedRule)[0] ?? '')).toBe(207)
  })

  it('cut an extension that leaves no room for a name', () => {
    expect(named([`a.${'e'.repeat(300)}`], udfRule)[0]).toHaveLength(254)
  })
})

it('names are the same in whatever order a folder is read', () => {
  const names = ['b', 'B', 'a', 'A', 'long '.repeat(20), 'LONG '.repeat(20), 'x.y.z', 'x_y.z']
  for (const rule of [isoRule(1), isoRule(2), jolietRule(false), enhancedRule, udfRule]) {
    const forwards = named(names, rule)
    const backwards = named(names.toReversed(), rule).toReversed()
    expect(backwards).toEqual(forwards)
    expect(new Set(forwards.map((name) => rule.key(name))).size).toBe(names.length)
  }
})

it('no number is tried twice, however many files want one name', () => {
  const count = 2000
  const rule = isoRule(1)
  let tries = 0
  const counting: NameRule = { ...rule, numbered: (...given) => (tries++, rule.numbered(...given)) }
  const children = Array.from({ length: count }, (_, i) => makeNode({ name: `same name ${i}.txt`, kind: 'file' }))
  const names = [...nameChildren(children, counting).values()].map(({ name }) => name)
  expect(new Set(names).size).toBe(count)
  expect(names.slice(0, 3)).toEqual(['SAME_NAM.TXT', 'SAME_N_1.TXT', 'SAME_N_2.TXT'])
  expect(tries).toBeLessThan(10 * count)
})
