import { expect, it } from 'vitest'
import { AS_NAMED, changesNames, nameByPattern } from '../../../src-shared/model'

const file = { name: 'IMG 7.tar.JPG', number: 3, modified: Date.UTC(2024, 4, 17) }
const by = (pattern: string, find = '', replace = ''): string => nameByPattern({ pattern, find, replace }, file)

it('gives a file the name that a pattern says, and its extension where that does not', () => {
  expect(by('{name}')).toBe('IMG 7.tar.JPG')
  expect(by('{nnn} {date}')).toBe('003 2024-05-17.JPG')
  expect(by('{name}-{n}.{ext}')).toBe('IMG 7.tar-3.JPG')
  expect(by('{name}', ' ', '_')).toBe('IMG_7.tar.JPG')
  // What is replaced is text, and what replaces it too.
  expect(by('{name}', '.', '$&')).toBe('IMG 7$&tar.JPG')
  expect(by('{other}')).toBe('{other}.JPG')
  expect(nameByPattern({ pattern: '{name}', find: 'a', replace: '' }, { ...file, name: 'a' })).toBe('a')
})

it('knows the pattern that changes nothing', () => {
  expect(changesNames(AS_NAMED)).toBe(false)
  expect(changesNames({ ...AS_NAMED, find: 'x' })).toBe(true)
  expect(nameByPattern(AS_NAMED, { name: '.hidden', number: 1, modified: null })).toBe('.hidden')
})
