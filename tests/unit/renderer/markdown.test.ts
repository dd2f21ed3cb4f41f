import { expect, test } from 'vitest'
import type { VNode } from 'vue'
import { renderMarkdown } from '../../../src-renderer/base/markdown'
import { wrapLine } from '../../../src-renderer/features/preview/wrap'

function outline(node: VNode | string): string {
  if (typeof node === 'string') return node
  const { children, type } = node
  const name = typeof type === 'string' ? type : '?'
  const inner = Array.isArray(children) ? children.map((child) => outline(child as VNode | string)).join('') : children
  return `<${name}>${typeof inner === 'string' ? inner : ''}</${name}>`
}
const page = (text: string): string => renderMarkdown(text).map(outline).join('')

test.each([
  ['# Title\n\nA *b* **c** `d*e*`', '<h3>Title</h3><p>A <em>b</em> <strong>c</strong> <code>d*e*</code></p>'],
  ['- a\n- b\n  - c', '<ul><li>a</li><li><p>b</p><ul><li>c</li></ul></li></ul>'],
  ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
  ['> a\n> b', '<blockquote><p>a b</p></blockquote>'],
  ['```\n<b>\n```', '<pre><code><b></code></pre>'],
  ['a\n\n---\n\nb', '<p>a</p><hr></hr><p>b</p>'],
  ['[text](javascript:alert)', '<p><span>text</span></p>'],
  ['![alt](https://example.org/x.png)', '<p><em>alt</em></p>'],
  ['snake_case_name', '<p>snake_case_name</p>'],
])('reads %j', (text, expected) => {
  expect(page(text)).toBe(expected)
})

test('markup in a text stays text', () => {
  expect(renderMarkdown('<img src=x onerror=alert(1)>').map(({ type }) => type)).toEqual(['p'])
})

test('hostile nesting ends', () => {
  expect(() => renderMarkdown('>'.repeat(5_000) + 'x')).not.toThrow()
  expect(() => renderMarkdown('*'.repeat(5_000))).not.toThrow()
})

test('long lines are wrapped at spaces, wide signs count twice', () => {
  expect(wrapLine('short', 20)).toEqual(['short'])
  expect(wrapLine('one two three four', 10)).toEqual(['one two ', 'three four'])
  expect(wrapLine('abcdefghijklmnop', 10)).toEqual(['abcdefghij', 'klmnop'])
  expect(wrapLine('味噌汁味噌汁', 8)).toEqual(['味噌汁味', '噌汁'])
  expect(wrapLine('a'.repeat(1_000), 10).join('')).toBe('a'.repeat(1_000))
})
