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
  ['- a\n- b\n  - c', '<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>'],
  ['- a\n\n- b', '<ul><li><p>a</p></li><li><p>b</p></li></ul>'],
  ['1. a\n2. b', '<ol><li>a</li><li>b</li></ol>'],
  ['> a\n> b', '<blockquote><p>a b</p></blockquote>'],
  ['```\n<b>\n```', '<pre><code><b></code></pre>'],
  ['a\n\n---\n\nb', '<p>a</p><hr></hr><p>b</p>'],
  ['[text](javascript:alert)', '<p><span>text</span></p>'],
  ['![alt](https://example.org/x.png)', '<p><em>alt</em></p>'],
  ['![alt][x]\n\n[x]: x.png', '<p><em>alt</em></p>'],
  ['[text][x] <https://example.org>\n\n[x]: /there', '<p><span>text</span> <span>https://example.org</span></p>'],
  ['Title\n=====\n\nA &amp; B\\*', '<h3>Title</h3><p>A & B*</p>'],
  ['    code\n', '<pre><code>code</code></pre>'],
  ['one  \ntwo', '<p>one<br></br>two</p>'],
  [
    '| a | b |\n|---|--:|\n| 1 | ~~2~~ |',
    '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><s>2</s></td></tr></tbody></table>',
  ],
  ['snake_case_name', '<p>snake_case_name</p>'],
])('reads %j', (text, expected) => {
  expect(page(text)).toBe(expected)
})

test('markup in a text stays text', () => {
  for (const text of ['<img src=x onerror=alert(1)>', '<script>\nalert(1)\n</script>'])
    expect(page(text)).toBe(`<p>${text.replaceAll('\n', ' ')}</p>`)
})

test('hostile nesting ends', () => {
  expect(() => renderMarkdown('>'.repeat(5_000) + 'x')).not.toThrow()
  expect(() => renderMarkdown('*'.repeat(5_000))).not.toThrow()
  expect(() => renderMarkdown('['.repeat(50_000))).not.toThrow()
  expect(() => renderMarkdown('- '.repeat(5_000))).not.toThrow()
})

test('long lines are wrapped at spaces, wide signs count twice', () => {
  expect(wrapLine('short', 20)).toEqual(['short'])
  expect(wrapLine('one two three four', 10)).toEqual(['one two ', 'three four'])
  expect(wrapLine('abcdefghijklmnop', 10)).toEqual(['abcdefghij', 'klmnop'])
  expect(wrapLine('味噌汁味噌汁', 8)).toEqual(['味噌汁味', '噌汁'])
  expect(wrapLine('a'.repeat(1_000), 10).join('')).toBe('a'.repeat(1_000))
})
