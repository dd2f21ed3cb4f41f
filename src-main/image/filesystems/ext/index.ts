import { ByteReader } from '../../core/byte-reader'
import { SourceError } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { NotAnImageError } from '../../core/disc-image'
import { Kind } from '../../core/entry-flags'
import { foundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { FileSystem, FoundFileSystem, Volume } from '../file-system'
import { readRuns } from './block-map'
import { ExtTree, ROOT_INODE } from './ext-tree'
import { ExtVolume } from './ext-volume'
import { replayJournal } from './journal'
import { isSuperblockIntact } from './sums'
import { isExt, readSuperblock, SUPERBLOCK_LENGTH, SUPERBLOCK_OFFSET, type ExtSuperblock } from './superblock'

/** An entry with a name of one to four bytes. */
const LEAST_ENTRY = 12

/** ext2, ext3 and ext4, as Linux writes them; read as they are once the journal has been replayed. */
export const ext: FileSystem = {
  id: 'ext',
  probe: ({ head }) => sureIf(isExt(new ByteReader(head))),
  open: async ({ source, structures, head }, { log }) => {
    const bytes = new ByteReader(head).slice(SUPERBLOCK_OFFSET, SUPERBLOCK_LENGTH)
    const superblock = superblockOf(new ByteReader(bytes))
    if (superblock.sumSeed !== null && !isSuperblockIntact(bytes))
      log.damage('SUPERBLOCK_SUM_WRONG', `The superblock of the ${superblock.name} volume is damaged: its sum differs.`)
    const volume = await replayed(new ExtVolume(source, structures, superblock), log)
    await assertRoot(volume)
    return found(volume)
  },
}

function found(volume: ExtVolume): FoundFileSystem {
  const { superblock, source } = volume
  const view = foundView({
    kind: 'ext',
    label: superblock.name,
    format: superblock.name,
    volumeName: superblock.label,
    entryLimit: Math.ceil(source.byteLength / LEAST_ENTRY) + 1024,
    openTree: (log) => new ExtTree(new ExtVolume(source, new TolerantSource(source, log), superblock), log),
  })
  return {
    views: [view],
    byteEnd: superblock.blockCount * superblock.blockLength,
    dates: {
      created: superblock.created || NaN,
      modified: superblock.modified || NaN,
    },
  }
}

function superblockOf(reader: ByteReader): ExtSuperblock {
  const superblock = readSuperblock(reader)
  if (typeof superblock === 'string') throw unreadable(superblock)
  return superblock
}

/** The volume as it is after its journal, in memory. */
async function replayed(volume: ExtVolume, log: DiagnosticLog): Promise<ExtVolume> {
  const { superblock, source } = volume
  if (!superblock.isDirty || superblock.journalInode === 0) return volume
  let after: Volume['source']
  try {
    const inode = await volume.inode(superblock.journalInode)
    if (inode?.kind !== Kind.file) throw new SourceError('CONTENT_DAMAGED', 'Its inode is not in use.')
    const runs = await readRuns(volume, inode)
    after = await replayJournal(source, runs, inode.byteLength, superblock.blockLength, log)
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
    const what = 'The journal cannot be read; what is shown is as it was before the last changes'
    log.damage('JOURNAL_DAMAGED', `${what}: ${error.message}`)
    return volume
  }
  if (after === source) return volume
  const again = superblockOf(new ByteReader(await after.read(SUPERBLOCK_OFFSET, SUPERBLOCK_LENGTH)))
  return new ExtVolume(after, new TolerantSource(after, log), again)
}

/** @throws {NotAnImageError} for what has no root directory: nothing else of it can be found */
async function assertRoot(volume: ExtVolume): Promise<void> {
  let kind: number | undefined
  try {
    kind = (await volume.inode(ROOT_INODE))?.kind
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
  }
  if (kind !== Kind.directory) throw unreadable('has no root directory')
}

function unreadable(what: string): NotAnImageError {
  return new NotAnImageError(
    'NOTHING_READABLE',
    `This Linux volume (ext2, ext3, ext4) ${what}. Nothing in it can be found.`,
  )
}
