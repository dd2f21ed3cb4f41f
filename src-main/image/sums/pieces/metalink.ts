import type { ImageSum } from '../image-sums'
import { sumMaker } from '../sum-maker'
import { HEX_LENGTH, type SumAlgorithm } from '../sum-lines'
import { PIECES_LIMIT, type PieceList } from '../../core/piece-list'

/** What a metalink says of one file. */
export interface MetalinkFile {
  sums: ImageSum[]
  pieces: PieceList[]
}

/**
 * Reads a metalink, version 4 (RFC 5854: `.meta4`) or 3 (`.metalink`). No entity is expanded.
 * @param isNamed tells whether the file of a name is meant
 */
export function readMetalink(text: string, from: string, isNamed: (name: string) => boolean): MetalinkFile {
  const found: MetalinkFile = { sums: [], pieces: [] }
  for (const file of text.matchAll(/<file\b([^>]*)>([\s\S]*?)<\/file>/g)) {
    const name = /\bname\s*=\s*["']([^"']*)["']/.exec(file[1] ?? '')?.[1] ?? ''
    const last = name.split('/').at(-1) ?? ''
    if (!isNamed(last)) continue
    const body = file[2] ?? ''
    const byteLength = Number(/<size>\s*(\d{1,15})\s*<\/size>/.exec(body)?.[1] ?? Number.NaN)
    for (const match of body.matchAll(/<pieces\b([^>]*)>([\s\S]*?)<\/pieces>/g)) {
      const list = piecesOf(match[1] ?? '', match[2] ?? '', byteLength, from)
      if (list !== null) found.pieces.push(list)
    }
    const whole = body.replaceAll(/<pieces\b[\s\S]*?<\/pieces>/g, '')
    for (const match of whole.matchAll(/<hash\b([^>]*)>\s*([0-9a-f]+)\s*<\/hash>/gi)) {
      const algorithm = algorithmOf(match[1] ?? '')
      const hex = (match[2] ?? '').toLowerCase()
      if (algorithm !== null && hex.length === HEX_LENGTH[algorithm])
        found.sums.push({ algorithm, hex, from, listedAs: null })
    }
  }
  return found
}

function piecesOf(attributes: string, body: string, byteLength: number, from: string): PieceList | null {
  const algorithm = algorithmOf(attributes)
  const pieceLength = Number(/\blength\s*=\s*["'](\d{1,12})["']/.exec(attributes)?.[1] ?? 0)
  if (algorithm === null || pieceLength === 0 || !Number.isSafeInteger(byteLength)) return null
  const hashes = [...body.matchAll(/<hash\b[^>]*>\s*([0-9a-f]+)\s*<\/hash>/gi)].map(([, hex]) => hex ?? '')
  const isEach = hashes.every((hex) => hex.length === HEX_LENGTH[algorithm])
  if (!isEach || hashes.length !== Math.ceil(byteLength / pieceLength) || hashes.length > PIECES_LIMIT) return null
  return {
    from,
    byteLength,
    firstOffset: 0,
    pieceLength,
    count: hashes.length,
    sumLength: HEX_LENGTH[algorithm] / 2,
    sums: Buffer.from(hashes.join(''), 'hex'),
    maker: () => {
      const hash = sumMaker(algorithm)
      return { update: (bytes) => void hash.update(bytes), digest: () => Buffer.from(hash.digest('hex'), 'hex') }
    },
  }
}

/** `sha-256` in version 4, `sha256` in version 3. */
function algorithmOf(attributes: string): SumAlgorithm | null {
  const type = /\btype\s*=\s*["']([a-z0-9-]+)["']/i.exec(attributes)?.[1]?.toLowerCase().replace('-', '')
  const known = (Object.keys(HEX_LENGTH) as SumAlgorithm[]).find((name) => name === type)
  return known === undefined || known === 'crc32' ? null : known
}
