import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect } from 'vitest'
import { openBytes } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

const BLOCK = 1024
const FILES = 500

/** A volume with sums, and a folder whose names need an index of two levels. */
function indexed(features: string[] = []): Buffer {
  const folder = temporaryFolder()
  const many = path.join(folder, 'tree', 'many')
  fs.mkdirSync(many, { recursive: true })
  for (let index = 0; index < FILES; index++) fs.writeFileSync(path.join(many, `${index}`.padStart(240, 'n')), '')
  const file = path.join(folder, 'volume.img')
  const options = [
    '-t',
    'ext4',
    '-b',
    `${BLOCK}`,
    '-N',
    '1024',
    '-O',
    ['metadata_csum,^has_journal', ...features].join(),
  ]
  run('mke2fs', ['-q', '-F', '-d', path.join(folder, 'tree'), ...options, file, '4M'])
  // It makes the index; its exit code says that it has changed something.
  spawnSync('e2fsck', ['-fyD', file])
  return fs.readFileSync(file)
}

/** Where the blocks lie that begin as the root of an index does, and as its nodes do. */
function nodesIn(bytes: Buffer): { roots: number[]; nodes: number[] } {
  const found = { roots: [] as number[], nodes: [] as number[] }
  for (let at = BLOCK; at < bytes.byteLength; at += BLOCK) {
    const [first, second] = [bytes.readUInt16LE(at + 4), bytes.readUInt16LE(at + 16)]
    if (bytes.readUInt16LE(at + 6) === 0x201 && first === 12 && second === BLOCK - 12) found.roots.push(at)
    if (bytes.readUInt32LE(at) === 0 && first === BLOCK && bytes.readUInt16LE(at + 6) === 0) found.nodes.push(at)
  }
  return found
}

async function toldOf(bytes: Buffer): Promise<string[]> {
  const image = await openBytes(bytes, { name: 'volume.img' })
  const table = await image.view('ext').readTree()
  await image.close()
  expect(table.length).toBeGreaterThan(FILES)
  return table.damage.map(({ code, message }) => `${code}: ${message}`)
}

itWith('e2fsck', 'compares the nodes of a hash index with their sums, and its root', async () => {
  const volume = indexed()
  const { roots, nodes } = nodesIn(volume)
  expect([roots.length, nodes.length > 0]).toEqual([1, true])
  expect(await toldOf(volume)).toEqual([])
  // Which block the first entry of each list leads to.
  for (const at of [(roots[0] ?? 0) + 36, (nodes[0] ?? 0) + 12]) {
    const bytes = Buffer.from(volume)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    expect(await toldOf(bytes)).toEqual([
      'DIRECTORY_SUM_WRONG: The directory “many” is damaged: the sum of a block of its index differs.',
    ])
  }
})

itWith('e2fsck', 'expects no sums of an index in a volume that has none', async () => {
  const volume = indexed(['^metadata_csum'])
  const [root = 0] = nodesIn(volume).roots
  volume.writeUInt8(volume.readUInt8(root + 36) ^ 1, root + 36)
  expect(await toldOf(volume)).toEqual([])
})
