import fs from 'node:fs'
import path from 'node:path'
import { namesOf, type ImageSum } from '../image/sums/image-sums'
import { readMetalink } from '../image/sums/pieces/metalink'
import { BadPieceListError, type PieceList } from '../image/core/piece-list'
import { readTorrent } from '../image/sums/pieces/torrent'
import { readZsync } from '../image/sums/pieces/zsync'
import { readPlainFile } from './plain-file'

/** A torrent of a large disc has some 100 kB, a zsync file some megabytes; in bytes. */
const FILE_LIMIT = 256 << 20
/** Files that are read in one folder. */
const FILES_LIMIT = 64
const EXTENSION = /\.(torrent|zsync|meta4|metalink)$/i

/** What is known of an image by what would fetch it. */
export interface PiecesBeside {
  sums: ImageSum[]
  pieces: PieceList[]
  /** Sentences about files that are named after the image and cannot be used. */
  problems: string[]
}

/** Torrents, metalinks and zsync files beside an image that name it. Those of other files are passed over. */
export function findPiecesBeside(imagePath: string): PiecesBeside {
  const found: PiecesBeside = { sums: [], pieces: [], problems: [] }
  const folder = path.dirname(imagePath)
  const names = namesOf(path.basename(imagePath))
  const isNamed = (name: string): boolean => names.includes(name)
  for (const name of candidates(folder)) {
    const file = path.join(folder, name)
    try {
      const bytes = readPlainFile(file, FILE_LIMIT)
      const before = found.pieces.length + found.sums.length
      read(bytes, name, isNamed, found)
      const isMute = found.pieces.length + found.sums.length === before
      if (isMute && isNamedSo(name, names))
        found.problems.push(`“${name}” lies beside the image and says nothing of it.`)
    } catch (error) {
      if (!(error instanceof BadPieceListError)) continue
      // Of an image by what it names or by its own name, or of none that is known.
      const isOwn = names.some((each) => name.startsWith(each) || name.startsWith(each.replace(/\.[^.]*$/, '.')))
      if (isOwn || error.isOfImage) found.problems.push(`“${name}” cannot be used: ${error.message}`)
    }
  }
  return found
}

function read(bytes: Buffer, from: string, isNamed: (name: string) => boolean, found: PiecesBeside): void {
  switch (EXTENSION.exec(from)?.[1]?.toLowerCase()) {
    case 'torrent':
      found.pieces.push(...readTorrent(bytes, from, isNamed))
      return
    case 'zsync': {
      const zsync = readZsync(bytes, from, isNamed)
      if (zsync === null) return
      found.pieces.push(zsync.pieces)
      if (zsync.sum !== null) found.sums.push(zsync.sum)
      return
    }
    default: {
      const metalink = readMetalink(bytes.toString('utf8'), from, isNamed)
      found.pieces.push(...metalink.pieces)
      found.sums.push(...metalink.sums)
    }
  }
}

/** `x.iso.torrent` is of `x.iso`; a zsync file of that name may be of what it is packed as. */
function isNamedSo(name: string, images: readonly string[]): boolean {
  return !/\.zsync$/i.test(name) && images.includes(name.replace(EXTENSION, ''))
}

function candidates(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder)
      .filter((name) => EXTENSION.test(name))
      .sort()
      .slice(0, FILES_LIMIT)
  } catch {
    return []
  }
}
