import { expect, test } from 'vitest'
import { rank } from '../../../src-renderer/features/dialogs/rank'

const names = ['Open disc image', 'New tab', 'Close tab', 'Show here in the other pane', 'Settings']

test('beginnings come first, then words, then parts, then letters in order', () => {
  const found = (query: string) => rank(names, query, (name) => name)
  expect(found('')).toEqual(names)
  expect(found('tab')).toEqual(['New tab', 'Close tab'])
  expect(found('set')[0]).toBe('Settings')
  expect(found('sth')[0]).toBe('Show here in the other pane')
  expect(found('zzz')).toEqual([])
})
