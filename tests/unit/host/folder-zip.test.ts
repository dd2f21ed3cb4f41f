import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import { Uint8ArrayReader, ZipReader, configure } from '@zip.js/zip.js'
import { expect, test } from 'vitest'
import { linkStaysBelow, zipEntries, zipName } from '../../../src-main/host/folder-zip'
import type { EngineClient } from '../../../src-main/host/engine-client'
import { IsoldeError, type ImageRow } from '../../../src-shared/contract'

interface Node {
  name: string
  kind?: ImageRow['kind']
  children?: number[]
  bytes?: Uint8Array
  /** Bytes from here on cannot be read. */
  brokenFrom?: number
  target?: string
}

const row = (node: Node, entry: number): ImageRow => ({
  entry,
  name: node.name,
  kind: node.kind ?? (node.children ? 'directory' : 'file'),
  byteLength: node.bytes?.byteLength ?? 0,
  modified: Date.UTC(2020, 1, 2),
  mode: 0o644,
  uid: null,
  gid: null,
  target: node.target ?? null,
  hidden: false,
  status: 'complete',
  childCount: null,
  sha256: null,
  blake3: null,
  position: null,
})

/** An engine that knows one made-up image. */
function engineOf(nodes: Node[]): EngineClient {
  const answers: Record<string, (input: Record<string, number>) => unknown> = {
    'entry.details': ({ entry = 0 }) => ({
      ...row(nodes[entry] ?? { name: '' }, entry),
      path: '',
      parent: 0,
      extents: null,
    }),
    'image.rows': ({ directory = 0, offset = 0, limit = 0 }) => {
      const children = nodes[directory]?.children ?? []
      const rows = children.slice(offset, offset + limit).map((entry) => row(nodes[entry] ?? { name: '' }, entry))
      return { total: children.length, byteTotal: 0, isComplete: true, rows }
    },
    'entry.read': ({ entry = 0, byteOffset = 0, byteLength = 0 }) => {
      const { bytes = new Uint8Array(), brokenFrom } = nodes[entry] ?? { name: '' }
      if (brokenFrom !== undefined && byteOffset + byteLength > brokenFrom)
        throw new IsoldeError('CONTENT_DAMAGED', 'A spot on the disc.')
      return { bytes: bytes.subarray(byteOffset, byteOffset + byteLength), byteTotal: bytes.byteLength }
    },
  }
  return {
    call: async (name: string, input: unknown) => {
      await Promise.resolve()
      return answers[name]?.(input as Record<string, number>) as never
    },
    close: () => undefined,
  }
}

async function pack(nodes: Node[], entries: number[]): Promise<Map<string, string>> {
  const wish = { image: 1, generation: 1, view: 'udf', entries }
  const parts: Uint8Array[] = []
  for await (const part of zipEntries(engineOf(nodes), wish, new AbortController().signal)) parts.push(part)
  configure({ useWebWorkers: false })
  const found = new Map<string, string>()
  for (const entry of await new ZipReader(new Uint8ArrayReader(Buffer.concat(parts))).getEntries()) {
    const content = entry.directory ? '/' : Buffer.from(await entry.arrayBuffer()).toString()
    found.set(entry.filename, content)
  }
  return found
}

test('a folder is packed with everything in it', async () => {
  const large = new Uint8Array(3_000_000).fill(65)
  const found = await pack(
    [
      { name: '', children: [1, 2] },
      { name: 'docs', children: [3, 4] },
      { name: 'top.txt', bytes: Buffer.from('top') },
      { name: 'large.txt', bytes: large },
      { name: 'link', kind: 'symlink', target: 'large.txt' },
    ],
    [1, 2],
  )
  expect([...found.keys()]).toEqual(['docs/', 'docs/large.txt', 'docs/link', 'top.txt'])
  expect(found.get('docs/large.txt')?.length).toBe(3_000_000)
  expect(found.get('docs/link')).toBe('large.txt')
  expect(found.get('top.txt')).toBe('top')
})

test('the root stands for everything', async () => {
  const found = await pack(
    [
      { name: '', children: [1] },
      { name: 'a', bytes: Buffer.from('1') },
    ],
    [0],
  )
  expect([...found]).toEqual([['a', '1']])
})

test('what cannot be read stands as zeros and is named', async () => {
  const found = await pack(
    [
      { name: '', children: [1] },
      { name: 'broken.bin', bytes: new Uint8Array(2_000_000).fill(66), brokenFrom: 1_500_000 },
    ],
    [0],
  )
  expect(found.get('broken.bin')?.length).toBe(2_000_000)
  expect(found.get('broken.bin')?.endsWith('\0')).toBe(true)
  expect(found.get('Damaged files.txt')).toBe('broken.bin\n')
})

test('names that would lead elsewhere or clash are made harmless', async () => {
  expect(['..', 'a/b', 'C:\\x', 'con?', '', 'ok.txt'].map(zipName)).toEqual([
    '__',
    'a_b',
    'C__x',
    'con_',
    '_',
    'ok.txt',
  ])
  const found = await pack(
    [
      { name: '', children: [1, 2] },
      { name: 'A.txt', bytes: Buffer.from('1') },
      { name: 'a.txt', bytes: Buffer.from('2') },
    ],
    [0],
  )
  expect([...found.keys()]).toEqual(['A.txt', 'a.txt (2)'])
})

test('a reader that goes away ends the packing', async () => {
  const stop = new AbortController()
  const wish = { image: 1, generation: 1, view: 'udf', entries: [0] }
  const nodes = [
    { name: '', children: [1] },
    { name: 'a', bytes: randomBytes(20_000_000) },
  ]
  const parts = zipEntries(engineOf(nodes), wish, stop.signal)
  await parts.next()
  stop.abort()
  await expect(
    (async () => {
      for await (const part of parts) expect(part.byteLength).toBeGreaterThan(0)
    })(),
  ).rejects.toThrow()
  expect(fs.existsSync('Damaged files.txt')).toBe(false)
})

test('links that could lead out of the archive are left out and named', async () => {
  const nodes: Node[] = [
    { name: '', children: [1, 4, 5] },
    { name: 'p', children: [2, 3] },
    { name: 'up', kind: 'symlink', target: '..' },
    { name: 'out', kind: 'symlink', target: '../../x' },
    { name: 'through', kind: 'symlink', target: 'p/up/..' },
    { name: 'passwd', kind: 'symlink', target: '/etc/passwd' },
  ]
  const found = await pack(nodes, [0])
  expect([...found.keys()].sort()).toEqual(['Links left out.txt', 'p/', 'p/up'])
  expect(found.get('Links left out.txt')).toBe('p/out\nthrough\npasswd\n')
})

test.each([
  ['a/b', 0, true],
  ['./../a', 1, true],
  ['../..', 1, false],
  ['a/..', 0, false],
  ['..\\..', 1, false],
  ['C:x', 3, false],
  ['\\x', 3, false],
  ['', 3, false],
])('link to %j below %i folders stays: %s', (target, depth, stays) => {
  expect(linkStaysBelow(target, depth)).toBe(stays)
})
