import { expect, it } from 'vitest'
import { visibleName } from '../../../src-renderer/base/visible-name'

it.each([
  ['rtl\u202egpj.exe', 'rtl⟨U+202E⟩gpj.exe'],
  ['two\nlines\tand a tab', 'two␊lines␉and a tab'],
  ['\u2066isolated\u2069', '⟨U+2066⟩isolated⟨U+2069⟩'],
  ['bell\u0007 \u007f \u0085', 'bell␇ ␡ ⟨U+0085⟩'],
])('%j has a sign for what would not be seen', (name, shown) => {
  expect(visibleName(name)).toBe(shown)
})

it.each(['Größe 日本 😀.txt', 'ملف\u200f.txt', 'a  b', 'loose\udcff'])('%j is shown as it is', (name) => {
  expect(visibleName(name)).toBe(name)
})
