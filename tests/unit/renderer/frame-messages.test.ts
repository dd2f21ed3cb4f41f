import { expect, test } from 'vitest'
import { fromFrame } from '../../../src-renderer/features/preview/frame/messages'

test.each([
  { type: 'read', id: 1, byteOffset: 0, byteLength: 16 },
  { type: 'encoding', encoding: 'koi8-u' },
  { type: 'counted', total: 3, hasMore: false },
  { type: 'turn', by: -1 },
  { type: 'failed' },
  { type: 'failed', reason: 'packed' },
  { type: 'unsuited' },
])('a frame may say $type', (message) => {
  expect(fromFrame.parse(message)).toEqual(message)
})

test.each([
  ['nothing', null],
  ['a word', 'read'],
  ['something that there is not', { type: 'call', name: 'entry.read' }],
  ['to read before the file', { type: 'read', id: 1, byteOffset: -1, byteLength: 16 }],
  ['to read halves of bytes', { type: 'read', id: 1, byteOffset: 0.5, byteLength: 16 }],
  ['to read without end', { type: 'read', id: 1, byteOffset: 0, byteLength: Infinity }],
  ['an encoding of its own', { type: 'encoding', encoding: '<b>' }],
  ['words where numbers belong', { type: 'counted', total: '<b>', hasMore: false }],
  ['a reason of its own', { type: 'failed', reason: 'Give me your password.' }],
  ['many pages at once', { type: 'turn', by: 100 }],
  [
    'a key with a name without end',
    { type: 'key', key: 'x'.repeat(33), code: '', ctrlKey: false, shiftKey: false, altKey: false, metaKey: false },
  ],
])('a frame may not say %s', (_what, message) => {
  expect(fromFrame.safeParse(message).success).toBe(false)
})

test('nothing of what a frame adds comes through', () => {
  expect(fromFrame.parse({ type: 'unsuited', file: { entry: 7 } })).toEqual({ type: 'unsuited' })
})
