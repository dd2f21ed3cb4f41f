import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { BlockFault } from '../../../src-main/image/codecs/block-fault'
import { MemoryByteSource } from '../../../src-main/image/core/byte-source'
import { ResourceFlag } from '../../../src-main/image/core/wim/header'
import { openResource } from '../../../src-main/image/core/wim/resource'
import { isolde } from '../cli/command-line'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

it('is unpacked once, however many files lie in it, and has its beginning', async () => {
  const chunkLength = 4096
  const header = { byteOffset: 0, packedLength: 1000, byteLength: 2 * chunkLength, flags: ResourceFlag.compressed }
  const file = new Uint8Array(1000)
  // Where the second chunk begins.
  new DataView(file.buffer).setUint32(0, 300, true)
  let asked = 0
  const resource = await openResource(
    new MemoryByteSource(file),
    header,
    { method: 'lzms', chunkLength, isPipable: false },
    () => {
      asked++
      throw new BlockFault('an LZMS chunk refers to what lies before it', new Uint8Array(100).fill(7))
    },
  )
  for (let i = 0; i < 5; i++) {
    expect(await resource.read(20, 80)).toEqual(new Uint8Array(80).fill(7))
    await expect(resource.read(90, 11)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
    await expect(resource.read(4100, 1)).resolves.toEqual(Uint8Array.of(7))
  }
  expect(asked).toBe(2)
})

itWith('wimlib-imagex', 'costs the files behind the damage, and none in front of it', () => {
  const folder = temporaryFolder()
  const [tree, image, out] = ['tree', 'image', 'out'].map((name) => path.join(folder, name)) as [string, string, string]
  fs.mkdirSync(tree)
  // Not to be packed much: places in the image and in the files go together.
  for (let i = 0; i < 40; i++) fs.writeFileSync(path.join(tree, `file ${i}`), crypto.randomBytes(9000).toString('hex'))
  run('wimlib-imagex', ['capture', tree, image, '--solid'])
  const whole = fs.readFileSync(image)
  // The Huffman codes are read from the chunk’s end on.
  for (const part of [0.3, 0.6, 0.9]) {
    const bytes = Buffer.from(whole)
    bytes.fill(0xff, Math.floor(bytes.length * part), Math.floor(bytes.length * part) + 200)
    fs.writeFileSync(image, bytes)
    fs.rmSync(out, { recursive: true, force: true })
    const { status } = isolde(['extract', image, '--to', out, '-q'])
    expect(status).toBe(1)
    const isSame = (name: string): boolean =>
      fs.readFileSync(path.join(tree, name)).equals(fs.readFileSync(path.join(out, name)))
    const same = fs.readdirSync(tree).filter(isSame).length
    expect(same).toBeGreaterThanOrEqual(1)
    expect(same).toBeLessThan(40)
  }
})
