import { deflateSync, crc32 } from 'node:zlib'

/** Files of the kinds that are previewed, made byte by byte: small, and nobody's work but ours. */

/** A PDF with one line of text on each page. */
export function makePdf(lines: readonly string[], { catalog = '', font = '' } = {}): Buffer {
  const objects = [`<< /Type /Catalog /Pages 2 0 R ${catalog} >>`]
  const pageOf = (index: number): number => 4 + index * 2
  objects.push(`<< /Type /Pages /Count ${lines.length} /Kids [${lines.map((_, i) => `${pageOf(i)} 0 R`).join(' ')}] >>`)
  objects.push(`<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica ${font} >>`)
  for (const [index, line] of lines.entries()) {
    const content = `BT /F1 24 Tf 40 100 Td (${line}) Tj ET`
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents ${pageOf(index) + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    )
  }
  let text = '%PDF-1.4\n'
  const offsets: number[] = []
  for (const [index, object] of objects.entries()) {
    offsets.push(text.length)
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  return Buffer.from(`${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`, 'latin1')
}

/** A PDF that would run a script when it is opened, and another one by the matrix of its font. */
export function makeHostilePdf(script: string): Buffer {
  const action = `/OpenAction << /Type /Action /S /JavaScript /JS (${script}) >> /AA << /WC << /S /JavaScript /JS (${script}) >> >>`
  return makePdf(['Nothing to see'], {
    catalog: `${action} /AcroForm << /XFA (<script>${script}</script>) >>`,
    font: `/FontMatrix [0.001 0 0 0.001 0 (0\\); ${script}//)]`,
  })
}

/** A bitmap of one colour, uncompressed. */
export function makeBmp(size: number): Buffer {
  const rowLength = Math.ceil((size * 3) / 4) * 4
  const bytes = Buffer.alloc(54 + rowLength * size, 0x80)
  bytes.write('BM', 0, 'latin1')
  bytes.writeUInt32LE(bytes.byteLength, 2)
  bytes.writeUInt32LE(0, 6)
  bytes.writeUInt32LE(54, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(size, 18)
  bytes.writeInt32LE(size, 22)
  bytes.writeUInt16LE(1, 26)
  bytes.writeUInt16LE(24, 28)
  bytes.fill(0, 30, 54)
  return bytes
}

/** A picture of one colour. */
export function makePng(size: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const out = Buffer.alloc(body.byteLength + 8)
    out.writeUInt32BE(data.byteLength, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc32(body), body.byteLength + 4)
    return out
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(size * 3, 0x90)])
  const pixels = deflateSync(Buffer.concat(Array.from({ length: size }, () => row)))
  const mark = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([mark, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))])
}

/** An icon that holds one PNG. */
export function makeIco(size: number): Buffer {
  const png = makePng(size)
  const header = Buffer.alloc(22)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(1, 4)
  header.set([size, size, 0, 0, 1, 0, 24, 0], 6)
  header.writeUInt32LE(png.byteLength, 14)
  header.writeUInt32LE(22, 18)
  return Buffer.concat([header, png])
}

/** A tone, uncompressed, in mono at 8 kHz. */
export function makeWav(seconds: number): Buffer {
  const samples = seconds * 8000
  const bytes = Buffer.alloc(44 + samples)
  bytes.write('RIFF', 0, 'latin1')
  bytes.writeUInt32LE(36 + samples, 4)
  bytes.write('WAVEfmt ', 8, 'latin1')
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(8000, 24)
  bytes.writeUInt32LE(8000, 28)
  bytes.writeUInt16LE(1, 32)
  bytes.writeUInt16LE(8, 34)
  bytes.write('data', 36, 'latin1')
  bytes.writeUInt32LE(samples, 40)
  for (let i = 0; i < samples; i++) bytes[44 + i] = 128 + Math.round(60 * Math.sin(i / 3))
  return bytes
}

/** A TAR of plain files (ustar). */
export function makeTar(files: Record<string, Buffer>): Buffer {
  const parts: Buffer[] = []
  for (const [name, content] of Object.entries(files)) {
    const header = Buffer.alloc(512)
    header.write(name, 0)
    header.write('0000644\0', 100)
    header.write(`${content.byteLength.toString(8).padStart(11, '0')}\0`, 124)
    header.write('14371573240\0', 136)
    header.fill(' ', 148, 156)
    header.write('0', 156)
    header.write('ustar\x0000', 257)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    parts.push(header, content, Buffer.alloc((512 - (content.byteLength % 512)) % 512))
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)])
}

/** A picture of 16 × 12 in one colour, encoded by libavif. */
export const AVIF = Buffer.from(
  [
    'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUEAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAA',
    'AGxpYmF2aWYAAAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAAABkAAAAoaWluZgAAAAAAAQAAABppbmZl',
    'AgAAAAABAABhdjAxQ29sb3IAAAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAAABAAAAAMAAAAEHBpeGkAAAAAAwgICAAAAAxh',
    'djFDgSAAAAAAABNjb2xybmNseAABAA0ABoAAAAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAACFtZGF0EgAKCDgM/thAQ0GkMgsWQAYY',
    'YYQAAHidvw==',
  ].join(''),
  'base64',
)

/** A picture of 24 × 16 in two colours, encoded by Chromium. */
export const JPEG = Buffer.from(
  [
    '/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABh',
    'Y3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAAB',
    'UAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAA',
    'AAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9Y',
    'WVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAM',
    'ZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0o',
    'OjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2Nj',
    'Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAQABgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/',
    'xAAaEAACAgMAAAAAAAAAAAAAAAAREgAEFCNB/8QAFgEBAQEAAAAAAAAAAAAAAAAABAMF/8QAGxEAAQQDAAAAAAAAAAAAAAAAABQk',
    'MVFjgZH/2gAMAwEAAhEDEQA/AJqNLLfYiDhJi9SxE2O54AIo3cR9buOgCL13LTWiHpJk3KnHquyZ7ZNk3fIJYiI4Cf/Z',
  ].join(''),
  'base64',
)

/** One pixel each: what a page has used to keep its place for decades. */
export const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
export const WEBP = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64')
