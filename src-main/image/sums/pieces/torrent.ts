import { sumMaker } from '../sum-maker'
import { at, numberIn, readBencode, type Bencoded } from './bencode'
import { MerkleMaker, rootOfLayer } from './merkle'
import { BadPieceListError, PIECES_LIMIT, type PieceList } from '../../core/piece-list'

const SHA1_LENGTH = 20
const SHA256_LENGTH = 32
/** BEP 52: leaves of the tree over a file. */
const LEAF_LENGTH = 16 << 10

/**
 * What a torrent says of the pieces of one file: version 1 (BEP 3), version 2 (BEP 52), or both.
 * @param name names the file, without its folder
 * @returns empty where it does not name it
 * @throws {BadPieceListError} where it is none, or contradicts itself in what it says of the file
 */
export function readTorrent(bytes: Buffer, from: string, isNamed: (name: string) => boolean): PieceList[] {
  const torrent = readBencode(bytes)
  const info = at(torrent, 'info')
  const pieceLength = numberIn(at(info, 'piece length'))
  if (pieceLength === null || pieceLength === 0) return []
  return [...versionOne(info, pieceLength, from, isNamed), ...versionTwo(torrent, info, pieceLength, from, isNamed)]
}

function versionOne(
  info: Bencoded | undefined,
  pieceLength: number,
  from: string,
  isNamed: (name: string) => boolean,
): PieceList[] {
  const sums = at(info, 'pieces')
  if (!Buffer.isBuffer(sums)) return []
  const files = filesOf(info)
  const total = files.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const pieces = Math.ceil(total / pieceLength)
  const lists: PieceList[] = []
  let start = 0
  for (const { name, byteLength } of files) {
    const end = start + byteLength
    if (isNamed(name)) {
      // Where the pieces begin and end nobody knows then: whole bytes would be called damaged.
      if (sums.byteLength !== pieces * SHA1_LENGTH)
        throw contradiction(`it has ${countOf(sums, SHA1_LENGTH)} for ${pieces} pieces`)
      const first = Math.ceil(start / pieceLength)
      // The last piece of all may be short; any other that reaches into the next file is of both.
      const count = (end === total ? pieces : Math.floor(end / pieceLength)) - first
      if (count > 0 && count <= PIECES_LIMIT)
        lists.push({
          from,
          byteLength,
          firstOffset: first * pieceLength - start,
          pieceLength,
          count,
          sumLength: SHA1_LENGTH,
          sums: sums.subarray(first * SHA1_LENGTH, (first + count) * SHA1_LENGTH),
          maker: () => {
            const hash = sumMaker('sha1')
            return { update: (piece) => void hash.update(piece), digest: () => Buffer.from(hash.digest('hex'), 'hex') }
          },
        })
    }
    start = end
  }
  return lists
}

function filesOf(info: Bencoded | undefined): { name: string; byteLength: number }[] {
  const files = at(info, 'files')
  if (!Array.isArray(files)) {
    const byteLength = numberIn(at(info, 'length'))
    return byteLength === null ? [] : [{ name: nameIn(at(info, 'name.utf-8') ?? at(info, 'name')), byteLength }]
  }
  return files.map((file) => {
    const path = at(file, 'path.utf-8') ?? at(file, 'path')
    return {
      name: nameIn(Array.isArray(path) ? path.at(-1) : undefined),
      byteLength: numberIn(at(file, 'length')) ?? 0,
    }
  })
}

function versionTwo(
  torrent: Bencoded,
  info: Bencoded | undefined,
  pieceLength: number,
  from: string,
  isNamed: (name: string) => boolean,
): PieceList[] {
  // BEP 52: a power of two, no shorter than a leaf.
  if (pieceLength < LEAF_LENGTH || (pieceLength & (pieceLength - 1)) !== 0) return []
  const layers = at(torrent, 'piece layers')
  const lists: PieceList[] = []
  for (const { name, file } of leavesOf(at(info, 'file tree'))) {
    const byteLength = numberIn(at(file, 'length'))
    const root = at(file, 'pieces root')
    if (!isNamed(name) || byteLength === null || byteLength === 0 || !Buffer.isBuffer(root)) continue
    const count = Math.ceil(byteLength / pieceLength)
    const layer = count === 1 ? root : at(layers, root.toString('latin1'))
    if (!Buffer.isBuffer(layer) || count > PIECES_LIMIT) continue
    if (layer.byteLength !== count * SHA256_LENGTH)
      throw contradiction(`it has ${countOf(layer, SHA256_LENGTH)} for ${count} pieces`)
    // Only the root is part of what a torrent is known by: anybody may have put other layers beside it.
    if (count > 1 && Buffer.compare(rootOfLayer(layer, pieceLength / LEAF_LENGTH), root) !== 0)
      throw contradiction('the checksums of its pieces do not give the one that it has of the whole image')
    // A file of one piece has a tree no wider than it needs; the pieces of others are all as wide as a piece.
    const leaves = count === 1 ? Math.ceil(byteLength / LEAF_LENGTH) : pieceLength / LEAF_LENGTH
    lists.push({
      from,
      byteLength,
      firstOffset: 0,
      pieceLength,
      count,
      sumLength: SHA256_LENGTH,
      sums: layer,
      maker: () => new MerkleMaker(LEAF_LENGTH, leaves),
    })
  }
  return lists
}

/** Of a torrent that names the image: nothing in it proves anything. */
function contradiction(what: string): BadPieceListError {
  return new BadPieceListError(`it contradicts itself: ${what}.`, true)
}

/** “1 checksum”, “2 checksums”. */
function countOf(sums: Uint8Array, sumLength: number): string {
  const count = Math.floor(sums.byteLength / sumLength)
  return count === 1 ? '1 checksum' : `${count} checksums`
}

function leavesOf(tree: Bencoded | undefined): { name: string; file: Bencoded }[] {
  const found: { name: string; file: Bencoded }[] = []
  if (!(tree instanceof Map)) return found
  for (const [name, below] of tree) {
    const file = at(below, '')
    if (file !== undefined) found.push({ name: Buffer.from(name, 'latin1').toString('utf8'), file })
    else found.push(...leavesOf(below))
  }
  return found
}

function nameIn(value: Bencoded | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : ''
}
