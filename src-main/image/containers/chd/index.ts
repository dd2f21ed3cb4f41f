import { MemoryByteSource, type ByteSource } from '../../core/byte-source'
import type { ContainerSum } from '../../core/container-sum'
import { createHash } from '../../core/create-hash'
import { NotAnImageError } from '../../core/disc-image'
import { sureIf } from '../../core/likelihood'
import type { BaseDisk, Container, ContainerContext, OpenedContainer } from '../container'
import { openDisc } from '../disc/open-disc'
import { settlePlaces } from '../disc/track-address'
import { closeAllBut } from '../disk/close-all'
import { DiskSource } from '../disk/disk-source'
import { findBase } from '../disk/find-base'
import { CODECS, FRAME_LENGTH } from './codecs'
import { HEADER_LENGTH, readChdHeader, readMetadata, versionOf, type ChdHeader, type Metadata } from './header'
import { HunkMap } from './hunk-map'
import { readHunkTable } from './hunk-table'
import { readTracks } from './tracks'

/** MAME's discs and disks (CHD), of version 5: hunks packed one by one, tracks in the metadata. */
export const chd: Container = {
  id: 'chd',
  isDisk: true,
  probe: ({ head }) => sureIf(versionOf(head) !== null),
  open: async (source, context) => {
    const { name, log } = context
    const start = await source.read(0, HEADER_LENGTH)
    const header = readChdHeader(start, source.byteLength)
    if (header === null) return null
    assertCodecs(header, name)
    const table = await readHunkTable(source, header)
    if (table === null)
      throw new NotAnImageError(
        'NOTHING_READABLE',
        `“${name}” is damaged: its map of hunks cannot be read, so that nothing of it can be found. Copy it anew.`,
      )
    const base = header.baseIdentity === null ? null : await baseOf(header.baseIdentity, context)
    const sources = base === null ? [source] : [source, base.blocks]
    try {
      const { entries, isWhole } = await readMetadata(source, header.metadataOffset)
      if (header.metadataOffset > 0 && !isWhole)
        log.damage('DISC_METADATA_DAMAGED', `What “${name}” says of its tracks is damaged: some may be missing.`)
      const map = new HunkMap(source, name, header, table, base?.blocks ?? null)
      const content = new DiskSource(name, header.byteLength, map, sources, true)
      const known = { sums: sumsOf(name, header, entries, content), identity: header.identity }
      return { ...(await contentOf(header, entries, content, context)), ...known }
    } catch (error) {
      await closeAllBut(source, sources)
      throw error
    }
  },
}

/** @throws {NotAnImageError} where it is packed by what is not known */
function assertCodecs({ codecs }: ChdHeader, name: string): void {
  const unknown = codecs.find((codec) => codec !== '' && CODECS[codec] === undefined)
  if (unknown === undefined) return
  const printable = unknown.replace(/[^ -~]/g, '?')
  throw new NotAnImageError(
    'UNSUPPORTED_CONTAINER',
    `“${name}” is a MAME disc image (CHD) packed by “${printable}”, which is not supported. chdman, which comes with MAME, extracts it.`,
  )
}

/** The disc's sectors where there are tracks, else the disk as it is. */
async function contentOf(
  header: ChdHeader,
  metadata: readonly Metadata[],
  content: ByteSource,
  { name, log }: ContainerContext,
): Promise<OpenedContainer> {
  const tracks = header.unitLength === FRAME_LENGTH ? readTracks(metadata, content) : []
  if (tracks.length > 0) {
    await settlePlaces(tracks, log)
    const disc = openDisc('chd', { tracks, sources: [content] }, log)
    if (disc !== null) return disc
  }
  return { blocks: content, labels: ['chd'], name: name.replace(/\.chd$/i, '') }
}

/** A disc that this one is based on is known by its sum alone. */
async function baseOf(identity: string, context: ContainerContext): Promise<BaseDisk | null> {
  const isMeant = (head: Uint8Array): boolean => readChdHeader(head, Infinity)?.identity === identity
  const base = await findBase(context, 'chd', isMeant)
  if (base === null)
    context.log.damage(
      'BASE_MISSING',
      `“${context.name}” holds only what was changed of another CHD, whose SHA-1 is ${identity} and which is not beside it: the rest cannot be read. Put it there.`,
    )
  return base
}

/** The sums of the content, and of all that is said of it. */
function sumsOf(
  name: string,
  { contentSum, identity, byteLength }: ChdHeader,
  metadata: readonly Metadata[],
  content: ByteSource,
): ContainerSum[] {
  const entries = metadata
    .filter(({ isSummed }) => isSummed)
    .map(({ tag, bytes }) => Buffer.concat([Buffer.from(tag, 'latin1'), createHash('sha1').update(bytes).digest()]))
    .sort((a, b) => Buffer.compare(a, b))
  const all = Buffer.concat([Buffer.from(contentSum, 'hex'), ...entries])
  const isSummed = /[^0]/.test(contentSum)
  if (!isSummed) return []
  const algorithm = 'sha1'
  return [
    { what: `What “${name}” holds`, algorithm, hex: contentSum, source: content, ranges: [0, byteLength] },
    {
      what: `What “${name}” says of its tracks`,
      algorithm,
      hex: identity,
      source: new MemoryByteSource(all),
      ranges: [0, all.byteLength],
    },
  ]
}
