import { ByteReader } from '../../core/byte-reader'
import { SourceError } from '../../core/byte-source'
import { DiagnosticLog } from '../../core/diagnostic-log'
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
import { superblockCopies, withCopy } from './superblock-copies'
import {
  isExt,
  isJournal,
  readSuperblock,
  SUPERBLOCK_LENGTH,
  SUPERBLOCK_OFFSET,
  type ExtSuperblock,
} from './superblock'

/** `EXT4_FEATURE_RO_COMPAT_METADATA_CSUM`. */
const METADATA_SUMS = 0x400
/** An entry with a name of one to four bytes. */
const LEAST_ENTRY = 12

/** ext2, ext3 and ext4, as Linux writes them; read as they are once the journal has been replayed. */
export const ext: FileSystem = {
  id: 'ext',
  probe: ({ head }) => sureIf(isExt(new ByteReader(head))),
  open: async (volume, { log }) => {
    const { source, structures, head } = volume
    const bytes = new ByteReader(head).slice(SUPERBLOCK_OFFSET, SUPERBLOCK_LENGTH)
    const isProven = hasSum(new ByteReader(bytes)) && isSuperblockIntact(bytes)
    const first = readSuperblock(new ByteReader(bytes))
    if (isJournal(new ByteReader(head))) throw isJournalOnly()
    if (typeof first === 'string' && isProven) throw unreadable(first)
    if (typeof first === 'string' || (first.sumSeed !== null && !isProven)) {
      const mended = await openByCopy(volume, bytes, log)
      if (mended !== null) return mended
      if (typeof first === 'string') throw unreadable(first)
      log.damage('SUPERBLOCK_SUM_WRONG', `The superblock of the ${first.name} volume is damaged: its sum differs.`)
    }
    const opened = await replayed(new ExtVolume(source, structures, first), log, false)
    if (await hasRoot(opened)) return found(opened)
    const mended = await openByCopy(volume, bytes, log, 'The table of groups')
    if (mended === null) throw unreadable('has no root directory')
    return mended
  },
  recover: (volume, { log }) =>
    openByCopy(volume, new ByteReader(volume.head).slice(SUPERBLOCK_OFFSET, SUPERBLOCK_LENGTH), log),
}

/**
 * By the first copy of the superblock that leads to a root directory; null where none does.
 * @param bytes of the first superblock
 * @param lost what is damaged, for the sentence
 */
async function openByCopy(
  { source, structures, label }: Volume,
  bytes: Uint8Array,
  log: DiagnosticLog,
  lost = 'The superblock',
): Promise<FoundFileSystem | null> {
  for await (const copy of superblockCopies(structures, bytes)) {
    const mended = await withCopy(source, structures, copy)
    const own = new DiagnosticLog()
    // Only the first superblock says that the journal is to be replayed: the journal itself knows as well.
    const hasLost = copy.group > 0
    const opened = await replayed(new ExtVolume(mended, new TolerantSource(mended, log), copy.superblock), own, hasLost)
    if (!(await hasRoot(opened))) continue
    const where = label === '' ? '' : ` of ${label}`
    const what = hasLost
      ? `its copy in block group ${copy.group} is used`
      : 'its sum proves that no more than its mark is wrong'
    log.recovered('SUPERBLOCK_COPY_USED', `${lost}${where} is damaged; ${what}.`)
    for (const { severity, code, message } of own.entries)
      if (severity === 'damage') log.damage(code, message)
      else log.add(severity, code, message)
    return found(opened)
  }
  return null
}

/** Whether a superblock has a sum by its own word. */
function hasSum(reader: ByteReader): boolean {
  return reader.u32Le(76) !== 0 && (reader.u32Le(100) & METADATA_SUMS) !== 0
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

/**
 * The volume as it is after its journal, in memory.
 * @param isUnknown whether it was closed is not known: the journal is asked
 */
async function replayed(volume: ExtVolume, log: DiagnosticLog, isUnknown: boolean): Promise<ExtVolume> {
  const { superblock, source } = volume
  if ((!superblock.isDirty && !isUnknown) || superblock.journalInode === 0) return volume
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

/** Whether there is a root directory: nothing else of a volume can be found without. */
async function hasRoot(volume: ExtVolume): Promise<boolean> {
  try {
    return (await volume.inode(ROOT_INODE))?.kind === Kind.directory
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
    return false
  }
}

/** No fault of it: there is nothing in it but what a volume elsewhere was about to write. */
function isJournalOnly(): NotAnImageError {
  return new NotAnImageError(
    'UNSUPPORTED_CONTAINER',
    'This Linux volume (ext3, ext4) is the journal of another volume. There are no files in it.',
  )
}

function unreadable(what: string): NotAnImageError {
  return new NotAnImageError(
    'NOTHING_READABLE',
    `This Linux volume (ext2, ext3, ext4) ${what}. Nothing in it can be found.`,
  )
}
