import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { buildIso, concat, nm, px, SP, type BuildNode } from '../../images/iso-builder'
import { packZisofs, zisofsUse } from '../../images/zisofs'
import { isolde } from '../cli/command-line'
import { temporaryFolder } from '../support'

/** Bytes that do not pack well, with runs that do, blocks of zeros among them. */
function content(byteLength: number, seed: number): Buffer {
  const bytes = Buffer.alloc(byteLength)
  let state = seed
  for (let at = 0; at < byteLength; at++) {
    if (at % 200_000 < 70_000) continue
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    bytes[at] = at % 1000 < 300 ? 65 : state >> 16
  }
  return bytes
}

const rootUse = concat(SP, px(0o040755, 2))
/** Enough that a second thread helps; one of them is written in parts. */
const contents = new Map<string, Buffer>([
  ['empty', Buffer.alloc(0)],
  ['zeros', Buffer.alloc(5_000_000)],
  ['large', content(14_000_001, 7)],
  ...Array.from({ length: 12 }, (_, i): [string, Buffer] => [`small ${i}`, content(300_000 + i * 32_768, i + 1)]),
])

function imageOf(version: 1 | 2, spoil?: { name: string; at: number }): Uint8Array {
  const nodes: BuildNode[] = [...contents].map(([name, bytes], i) => {
    const data = packZisofs(bytes, version)
    if (spoil?.name === name) data.fill(0xff, spoil.at, spoil.at + 64)
    const mode = px(0o100644)
    if (bytes.byteLength === 0) return { name: `F${i};1`, data: '', use: concat(mode, nm(name)) }
    return { name: `F${i};1`, data, use: concat(mode, nm(name), zisofsUse(bytes.byteLength, version)) }
  })
  return buildIso(nodes, { rootUse }).bytes
}

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})

function extracted(name: string, image: Uint8Array): { to: string; run: ReturnType<typeof isolde> } {
  const file = path.join(folder, `${name}.iso`)
  fs.writeFileSync(file, image)
  const to = path.join(folder, name)
  return { to, run: isolde(['extract', file, '--to', to, '--json']) }
}

const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe('packed files', () => {
  it.each([1, 2] as const)('of zisofs version %i are written whole, by two threads', (version) => {
    const { to, run } = extracted(`whole ${version}`, imageOf(version))
    expect(run.status).toBe(0)
    expect(fs.readdirSync(to).toSorted()).toEqual([...contents.keys()].toSorted())
    for (const [name, bytes] of contents) expect(sum(fs.readFileSync(path.join(to, name)))).toBe(sum(bytes))
    expect(run.rows.at(-1)).toMatchObject({ files: contents.size, problems: 0 })
  })

  it.each(['small 3', 'large'])('lose no more than the block that is damaged: %s', (name) => {
    const packed = packZisofs(contents.get(name) ?? Buffer.alloc(0))
    const { to, run } = extracted(`damaged ${name}`, imageOf(1, { name, at: Math.floor(packed.byteLength / 2) }))
    expect(run.status).toBe(1)
    expect(run.rows.filter(({ status }) => status === 'partial')).toMatchObject([
      { path: name, code: 'CONTENT_DAMAGED' },
    ])
    for (const [other, bytes] of contents)
      if (other !== name) expect(sum(fs.readFileSync(path.join(to, other)))).toBe(sum(bytes))
    const whole = contents.get(name) ?? Buffer.alloc(0)
    const saved = fs.readFileSync(path.join(to, name))
    expect(saved.byteLength).toBe(whole.byteLength)
    let differing = 0
    for (let at = 0; at < whole.byteLength; at += 32_768)
      if (!saved.subarray(at, at + 32_768).equals(whole.subarray(at, at + 32_768))) differing++
    expect(differing).toBe(1)
  })

  it('are nothing but their blocks: a table that leads out of the file is damage, not a crash', () => {
    const image = imageOf(1, { name: 'large', at: 16 })
    const { to, run } = extracted('table', image)
    expect(run.status).toBe(1)
    expect(run.rows.filter(({ status }) => status === 'partial')).toMatchObject([{ path: 'large' }])
    expect(fs.statSync(path.join(to, 'large')).size).toBe(14_000_001)
  })
})
