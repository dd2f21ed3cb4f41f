import { expect, test } from 'vitest'
import { crc32c } from '../../../src-main/image/core/crc32c'
import { isDirectoryBlockIntact } from '../../../src-main/image/filesystems/ext/sums'

const LENGTH = 1024
const SEED = 0x1234_5678

/** Entries by where they begin: inode, length, name; the end as `ext4_dir_entry_tail` has it, with a sum of its own. */
function block(entries: [at: number, inode: number, length: number, name: string][]): Uint8Array {
  const bytes = new Uint8Array(LENGTH)
  const view = new DataView(bytes.buffer)
  for (const [at, inode, length, name] of entries) {
    view.setUint32(at, inode, true)
    view.setUint16(at + 4, length, true)
    bytes[at + 6] = name.length
    bytes.set(Buffer.from(name), at + 8)
  }
  view.setUint16(LENGTH - 8, 12, true)
  view.setUint8(LENGTH - 5, 0xde)
  view.setUint32(LENGTH - 4, crc32c(SEED, bytes, 0, LENGTH - 12), true)
  return bytes
}

test('a block of a directory is judged by the sum at its end', () => {
  const leaf = block([
    [0, 2, 12, '.'],
    [12, 2, LENGTH - 24, '..'],
  ])
  expect(isDirectoryBlockIntact(leaf, SEED)).toBe(true)
  leaf[40] = 1
  expect(isDirectoryBlockIntact(leaf, SEED)).toBe(false)
  const emptied = block([[0, 0, LENGTH - 12, '']])
  emptied[40] = 1
  expect(isDirectoryBlockIntact(emptied, SEED)).toBe(false)
})

test('a node of a hash index is not, though the end of the plain block that it was still stands there', () => {
  const root = block([
    [0, 2, 12, '.'],
    [12, 2, LENGTH - 12, '..'],
  ])
  const inner = block([[0, 0, LENGTH, '']])
  for (const node of [root, inner]) {
    node[40] = 1
    expect(isDirectoryBlockIntact(node, SEED)).toBeNull()
  }
})
