import { expect, it } from 'vitest'
import { parseMask } from '../../../src-shared/model'
import { processorTime } from '../processor-time'

it.each(['*a*a*a*b', '*a*a*a*a*a*a*a*a*a*b', '**********b', '*?a*?a*?a*?a*b', 'a*'.repeat(60) + 'b'])(
  'the mask %s takes no longer for its stars',
  async (mask) => {
    const { fits } = parseMask(mask)
    const names = Array.from({ length: 200 }, (_, i) => `${'a'.repeat(250)}${i}`)
    const { ms, value } = await processorTime(() => names.filter(fits))
    expect(value).toEqual([])
    expect(ms).toBeLessThan(1000)
  },
)

it.each([
  ['a*b*c', ['abc', 'axbxc', 'abcbc', 'ABC'], ['ab', 'acb', 'abcd']],
  ['*ab*ab', ['abab', 'xabab', 'ababab'], ['ab', 'aba']],
  ['a*a', ['aa', 'aba'], ['a']],
  ['?*?', ['ab', 'abc', 'äö'], ['a', '']],
  ['😀?.x', ['😀a.x', '😀😀.x'], ['😀.x', 'a.x']],
  ['STRASSE*', ['strasse 1'], ['straße 1']],
  ['*ß', ['groß', 'GROẞ'], ['gross']],
])('%s', (mask, fitting, others) => {
  const { fits } = parseMask(mask)
  expect(fitting.filter((name) => !fits(name))).toEqual([])
  expect(others.filter((name) => fits(name))).toEqual([])
})
