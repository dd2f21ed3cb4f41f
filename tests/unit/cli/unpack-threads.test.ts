import crypto from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { Worker } from 'node:worker_threads'
import { deflateSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { isInstalled, run } from '../desktop/programs'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

/** More than one thread unpacks before others are started, twice. */
const BYTE_LENGTH = 12 << 20
const BLOCK = 128 << 10

/** Packs to a tenth, no two blocks alike. */
function content(): Buffer {
  const bytes = Buffer.alloc(BYTE_LENGTH, 'all work and no play makes a dull block. ')
  for (let at = 0; at < BYTE_LENGTH; at += 4096) crypto.randomFillSync(bytes, at, 400)
  return bytes
}

const WRITERS: [program: string, make: (folder: string, image: string) => void][] = [
  ['mksquashfs', (folder, image) => run('mksquashfs', [folder, image, '-comp', 'xz', '-quiet', '-no-progress'])],
  [
    'wimlib-imagex',
    (folder, image) => run('wimlib-imagex', ['capture', folder, image, '--compress=LZMS', '--chunk-size=128K']),
  ],
]

it.each(WRITERS.filter(([program]) => isInstalled(program)))(
  'blocks by %s that several threads unpack are those that were packed',
  (_, make) => {
    const folder = temporaryFolder()
    const [tree, image] = [path.join(folder, 'tree'), path.join(folder, 'image')]
    fs.mkdirSync(tree)
    fs.writeFileSync(path.join(tree, 'file'), content())
    make(tree, image)
    const sum = crypto.hash('sha256', fs.readFileSync(path.join(tree, 'file')))
    expect(isolde(['hash', image]).stdout).toBe(`${sum}  file\n`)
  },
)

it('the built thread answers: without it, all would be unpacked by one, and nobody would notice', async () => {
  const worker = new Worker(path.resolve('dist/main/unpack-worker.js'))
  onTestFinished(async () => {
    await worker.terminate()
  })
  const text = Buffer.from('all work and no play')
  const order = {
    number: 7,
    unpacker: { id: 'gzip', blockLength: 0 },
    packed: deflateSync(text),
    byteLength: text.length,
  }
  const answer = new Promise((resolve) => worker.once('message', resolve))
  worker.postMessage(order)
  expect(await answer).toEqual({ number: 7, bytes: new Uint8Array(text) })
})

it.skipIf(!isInstalled('mksquashfs'))('one that does not unpack costs itself, whichever thread met it', () => {
  const folder = temporaryFolder()
  const [tree, image, out] = ['tree', 'image', 'out'].map((name) => path.join(folder, name)) as [string, string, string]
  fs.mkdirSync(tree)
  const original = content()
  fs.writeFileSync(path.join(tree, 'file'), original)
  run('mksquashfs', [tree, image, '-comp', 'xz', '-quiet', '-no-progress'])
  const packed = fs.readFileSync(image)
  // Two neighbours, of which one is likely another thread's.
  const middle = packed.length >> 1
  packed.fill(0, middle, middle + 15_000)
  fs.writeFileSync(image, packed)
  const { status, stderr } = isolde(['extract', image, '--to', out])
  expect(status).toBe(1)
  expect(stderr).toMatch(/“file” is only partly there\. \d+ bytes of it cannot be read and stand as zeros/)
  const extracted = fs.readFileSync(path.join(out, 'file'))
  let wrong = 0
  for (let at = 0; at < BYTE_LENGTH; at += BLOCK)
    if (!original.subarray(at, at + BLOCK).equals(extracted.subarray(at, at + BLOCK))) wrong++
  expect(wrong).toBeGreaterThanOrEqual(1)
  expect(wrong).toBeLessThanOrEqual(4)
})
