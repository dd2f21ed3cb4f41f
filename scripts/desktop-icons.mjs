// Draws the program's icons in every size from resources/icon.svg:
// resources/icons/*.png, resources/icon.ico and resources/icon.icns. Run after a change of the drawing; its results are committed.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateSync, inflateSync, crc32 } from 'node:zlib'
import { isInstalled, root, runKept } from './run.mjs'

const FOLDER = path.join(root, 'resources', 'icons')
export const PNG_SIZES = [16, 24, 32, 48, 64, 128, 256, 512]
export const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256]
/** macOS' names for sizes: each holds a PNG. */
export const ICNS_TYPES = {
  icp4: 16,
  icp5: 32,
  ic07: 128,
  ic08: 256,
  ic09: 512,
  ic11: 32,
  ic12: 64,
  ic13: 256,
  ic14: 512,
}

/** Windows' container: a table, then PNGs, which it has read since Vista. */
export function ico(pngs) {
  const head = Buffer.alloc(6 + 16 * pngs.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pngs.length, 4)
  let offset = head.length
  pngs.forEach(({ size, bytes }, index) => {
    const at = 6 + 16 * index
    head[at] = head[at + 1] = size % 256
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(bytes.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += bytes.length
  })
  return Buffer.concat([head, ...pngs.map(({ bytes }) => bytes)])
}

export function icns(pngOf) {
  const parts = Object.entries(ICNS_TYPES).map(([type, size]) => {
    const head = Buffer.from(`${type}\0\0\0\0`, 'latin1')
    const bytes = pngOf(size)
    head.writeUInt32BE(8 + bytes.length, 4)
    return Buffer.concat([head, bytes])
  })
  const head = Buffer.from('icns\0\0\0\0', 'latin1')
  head.writeUInt32BE(8 + parts.reduce((sum, part) => sum + part.length, 0), 4)
  return Buffer.concat([head, ...parts])
}

/** The same picture without what drawing programs add, packed as tightly as deflate can. */
export function slim(png) {
  const chunks = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    chunks.push({
      type: png.toString('latin1', at + 4, at + 8),
      data: png.subarray(at + 8, at + 8 + png.readUInt32BE(at)),
    })
  const pixels = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)))
  const kept = [
    chunks[0],
    ...chunks.filter(({ type }) => type === 'PLTE' || type === 'tRNS'),
    { type: 'IDAT', data: deflateSync(pixels, { level: 9, memLevel: 9 }) },
    { type: 'IEND', data: Buffer.alloc(0) },
  ]
  return Buffer.concat([png.subarray(0, 8), ...kept.map(({ type, data }) => chunk(type, data))])
}

function chunk(type, data) {
  const out = Buffer.alloc(12 + data.length)
  out.writeUInt32BE(data.length)
  out.write(type, 4, 'latin1')
  data.copy(out, 8)
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length)
  return out
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!isInstalled('rsvg-convert')) {
    console.error('rsvg-convert is needed (Debian: librsvg2-bin; macOS: brew install librsvg).')
    process.exit(1)
  }
  fs.mkdirSync(FOLDER, { recursive: true })
  const pngs = new Map()
  for (const size of PNG_SIZES) {
    const file = path.join(FOLDER, `${size}x${size}.png`)
    const args = ['-w', String(size), '-h', String(size), '-o', file, path.join(root, 'resources', 'icon.svg')]
    if ((await runKept('rsvg-convert', args)).status !== 0) process.exit(1)
    pngs.set(size, slim(fs.readFileSync(file)))
    fs.writeFileSync(file, pngs.get(size))
  }
  fs.writeFileSync(path.join(FOLDER, '..', 'icon.ico'), ico(ICO_SIZES.map((size) => ({ size, bytes: pngs.get(size) }))))
  fs.writeFileSync(
    path.join(FOLDER, '..', 'icon.icns'),
    icns((size) => pngs.get(size)),
  )
}
