import { crc32, deflateSync, inflateSync } from 'node:zlib'

/** A picture of one grey, of any shape. Width and height in pixels. */
export function greyPng(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // 8 bits a pixel, no colours.
  header[8] = 8
  const lines = Buffer.alloc((width + 1) * height, 128)
  for (let line = 0; line < height; line++) lines[line * (width + 1)] = 0
  return png(header, chunk('IDAT', deflateSync(lines)))
}

/** A picture of the window with at most 256 colours, which is a third as large and looks the same. */
export function fewColours(picture: Buffer): Uint8Array {
  const { width, height, header, pixels } = readPng(picture)
  const { palette, indexOf } = paletteOf(pixels)
  const lines = Buffer.alloc((width + 1) * height)
  for (let at = 0, pixel = 0; pixel < width * height; pixel++, at += 3) {
    if (pixel % width === 0) lines[pixel + pixel / width] = 0
    lines[pixel + Math.floor(pixel / width) + 1] = indexOf(
      (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!,
    )
  }
  // 8 bits a pixel, from a palette.
  const own = Buffer.from(header)
  own[9] = 3
  return png(own, chunk('PLTE', palette), chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 })))
}

/** The colours that are used most, and which of them is nearest to any other one. */
function paletteOf(pixels: Buffer): { palette: Buffer; indexOf: (colour: number) => number } {
  const counts = new Map<number, number>()
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const chosen = [...counts].sort(([, a], [, b]) => b - a).slice(0, 256)
  const colours = chosen.map(([colour]) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff] as const)
  const known = new Map<number, number>()
  const indexOf = (colour: number): number => {
    const before = known.get(colour)
    if (before !== undefined) return before
    let [best, least] = [0, Infinity]
    for (const [index, [red, green, blue]] of colours.entries()) {
      const distance =
        Math.abs(red - (colour >> 16)) + Math.abs(green - ((colour >> 8) & 0xff)) + Math.abs(blue - (colour & 0xff))
      if (distance < least) [best, least] = [index, distance]
    }
    known.set(colour, best)
    return best
  }
  return { palette: Buffer.from(colours.flat()), indexOf }
}

/** The pixels of a picture as a browser takes it: eight bits a colour, three or four colours, not interlaced. */
function readPng(picture: Buffer): { width: number; height: number; header: Buffer; pixels: Buffer } {
  let header: Buffer = Buffer.alloc(0)
  const data: Buffer[] = []
  for (let at = 8; at < picture.length;) {
    const length = picture.readUInt32BE(at)
    const type = picture.toString('latin1', at + 4, at + 8)
    const body = picture.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') header = body
    else if (type === 'IDAT') data.push(body)
    at += length + 12
  }
  const width = header.readUInt32BE(0)
  const height = header.readUInt32BE(4)
  const depth = header[9] === 6 ? 4 : 3
  const lines = inflateSync(Buffer.concat(data))
  const stride = width * depth
  const pixels = Buffer.alloc(width * height * 3)
  let above: Buffer = Buffer.alloc(stride)
  for (let line = 0; line < height; line++) {
    const start = line * (stride + 1)
    const row = unfiltered(lines[start] ?? 0, lines.subarray(start + 1, start + 1 + stride), above, depth)
    for (let column = 0; column < width; column++)
      row.copy(pixels, (line * width + column) * 3, column * depth, column * depth + 3)
    above = row
  }
  return { width, height, header, pixels }
}

function unfiltered(filter: number, line: Buffer, above: Buffer, depth: number): Buffer {
  const row = Buffer.from(line)
  for (let at = 0; at < row.length; at++) {
    const left = at < depth ? 0 : row[at - depth]!
    const up = above[at]!
    const corner = at < depth ? 0 : above[at - depth]!
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0
    row[at] = (row[at]! + guess) & 0xff
  }
  return row
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

function png(header: Buffer, ...chunks: Buffer[]): Uint8Array {
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([start, chunk('IHDR', header), ...chunks, chunk('IEND', Buffer.alloc(0))])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(data.length, 0)
  named.copy(framed, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}
