import { ByteReader } from '../../core/byte-reader'
import { SourceError } from '../../core/byte-source'
import { NotAnImageError } from '../../core/disc-image'
import { Kind } from '../../core/entry-flags'
import { foundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { FileSystem } from '../file-system'
import { ErofsTree } from './erofs-tree'
import { ErofsVolume } from './erofs-volume'
import { isErofs, isSuperblockIntact, readSuperblock } from './superblock'

/** An entry with a name of one character. */
const LEAST_ENTRY = 13
/** Directories are mostly not packed; where they are, by so much at most. */
const PACKED_ENTRIES = 4

/** EROFS, which Android and containers come in. */
export const erofs: FileSystem = {
  id: 'erofs',
  probe: ({ head }) => sureIf(isErofs(new ByteReader(head))),
  proves: (head) => {
    const superblock = readSuperblock(head)
    return typeof superblock !== 'string' && isSuperblockIntact(head, superblock) === true
  },
  open: async ({ source, structures, head }, { log }) => {
    const superblock = readSuperblock(new ByteReader(head))
    if (typeof superblock === 'string') throw unreadable(superblock)
    const isIntact = isSuperblockIntact(new ByteReader(head), superblock)
    if (isIntact === true) log.fits('structures')
    if (isIntact === false)
      log.damage('SUPERBLOCK_SUM_WRONG', 'The first block of the EROFS volume is damaged: its sum differs.')
    await assertRoot(new ErofsVolume(source, structures, superblock))
    const view = foundView({
      kind: 'erofs',
      label: 'EROFS',
      format: 'EROFS',
      volumeName: superblock.label,
      entryLimit: Math.ceil(source.byteLength / LEAST_ENTRY) * PACKED_ENTRIES + 1024,
      openTree: (log) => new ErofsTree(new ErofsVolume(source, new TolerantSource(source, log), superblock), log),
    })
    return { views: [view], byteEnd: superblock.byteLength, dates: { created: superblock.time } }
  },
}

/** @throws {NotAnImageError} for what has no root directory: nothing else of it can be found */
async function assertRoot(volume: ErofsVolume): Promise<void> {
  let kind: number | undefined
  try {
    kind = (await volume.inode(volume.superblock.rootSlot)).kind
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
  }
  if (kind !== Kind.directory) throw unreadable('has no root directory')
}

function unreadable(what: string): NotAnImageError {
  return new NotAnImageError('NOTHING_READABLE', `This EROFS image ${what}. Nothing in it can be found.`)
}
