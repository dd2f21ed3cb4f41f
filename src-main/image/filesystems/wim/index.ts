import { because } from '../../../../src-shared/model'
import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { NotAnImageError } from '../../core/disc-image'
import { foundView, type FoundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { FileSystem, FileSystemContext, FoundFileSystem } from '../file-system'
import { givesHash, type BlobTable } from '../../core/wim/blob-table'
import { WimContents } from '../../core/wim/contents'
import { STREAM_LENGTH } from '../../core/wim/dentry'
import { readIntegrity } from '../../core/wim/integrity'
import { HEADER_LENGTH, MAGIC, PIPABLE_MAGIC, readHeader, type WimHeader } from '../../core/wim/header'
import { readImages, type WimImage } from '../../core/wim/images'
import { openParts, type OpenedParts } from './parts'
import { openResource } from '../../core/wim/resource'
import { WimTree } from './wim-tree'

const METHOD_NAMES = { none: 'stored', xpress: 'XPRESS', lzx: 'LZX', lzms: 'LZMS' } as const
/** Where the folders of an image lie, and their SHA-1. */
type Metadata = BlobTable['metadata'][number]

/** Folders of one image; those of Windows take some tens of megabytes. */
const METADATA_LIMIT = 512 << 20
const XML_LIMIT = 16 << 20

/** Windows images (WIM, ESD, SWM): one view for each image in them. */
export const wim: FileSystem = {
  id: 'wim',
  marks: [MAGIC, PIPABLE_MAGIC],
  probe: ({ head, isWhole }) =>
    sureIf(isWhole && (matchesAscii(head, 0, MAGIC) || matchesAscii(head, 0, PIPABLE_MAGIC))),
  open: async ({ source, head }, context) => {
    const header = await completeHeader(source, readHeader(head))
    if (header === null) return null
    if (header.part > 1 && header.part <= header.partCount)
      throw new NotAnImageError(
        'LATER_PART',
        `“${context.name}” is part ${header.part} of ${header.partCount} of a Windows image. Open the first one.`,
        because('laterPart', { name: context.name, part: header.part, total: header.partCount }),
      )
    return openWim(source, header, context)
  },
}

/** What is written for reading in one go has its header once more at its end, when everything is known. */
async function completeHeader(source: ByteSource, header: WimHeader | null): Promise<WimHeader | null> {
  if (header?.isPipable !== true || source.byteLength < HEADER_LENGTH * 2) return header
  return readHeader(await source.read(source.byteLength - HEADER_LENGTH, HEADER_LENGTH)) ?? header
}

async function openWim(
  source: ByteSource,
  header: WimHeader,
  { log, name, openSibling, unpack }: FileSystemContext,
): Promise<FoundFileSystem> {
  let parts: OpenedParts
  try {
    parts = await openParts(source, header, name, openSibling, log)
  } catch (error) {
    if ((error as { code?: string }).code !== 'CONTENT_DAMAGED') throw error
    throw new NotAnImageError('NOTHING_READABLE', `The table of contents of “${name}” is damaged, or encrypted.`)
  }
  const { metadata } = parts.table
  if (metadata.length === 0 && endOf(header) > source.byteLength)
    throw new NotAnImageError(
      'NOTHING_READABLE',
      `“${name}” is ${endOf(header) - source.byteLength} bytes shorter than it says, and its end says what is in it: it was not copied in full. Download it anew.`,
    )
  const described = await describedImages(source, header, log)
  const contents = new WimContents(parts.parts, unpack)
  if (metadata.length < header.imageCount)
    log.damage(
      'IMAGE_MISSING',
      `The file has ${header.imageCount} images by its header, and ${metadata.length} of them.`,
    )
  const views = metadata.map((its, at) => {
    const image = described.find(({ index }) => index === at + 1)
    return viewOf(source, header, parts, contents, its, { image, at, isOnly: metadata.length === 1 })
  })
  const bootName = described.find(({ index }) => index === header.bootImage)?.name
  if (header.bootImage > 0 && bootName !== undefined)
    log.note('BOOT_IMAGE', `Image ${header.bootImage} (“${bootName}”) is the one that starts a machine.`)
  return { views, byteEnd: endOf(header), pieces: () => readIntegrity(source, header) }
}

function viewOf(
  source: ByteSource,
  header: WimHeader,
  { table, missing }: OpenedParts,
  contents: WimContents,
  metadata: Metadata,
  { image, at, isOnly }: { image: WimImage | undefined; at: number; isOnly: boolean },
): FoundView {
  const numbered = `wim@${at + 1}`
  const facts = [image?.architecture ?? '', (image?.build ?? '') === '' ? '' : `build ${image?.build ?? ''}`]
    .filter(Boolean)
    .join(', ')
  const title = (image?.name ?? '') === '' ? `Image ${at + 1}` : (image?.name ?? '')
  return foundView({
    kind: 'wim',
    id: isOnly ? 'wim' : numbered,
    aliases: isOnly ? [numbered] : at === 0 ? ['wim'] : [],
    label: facts === '' ? title : `${title} (${facts})`,
    format: `WIM (${METHOD_NAMES[header.method]})`,
    volumeName: image?.name ?? '',
    entryLimit: Math.floor(Math.min(metadata.resource.byteLength, METADATA_LIMIT) / STREAM_LENGTH) + 1,
    openTree: (log) => {
      const read = (): Promise<Uint8Array> => readMetadata(source, header, metadata, log)
      return new WimTree(source, { table, contents, hasAllParts: missing.length === 0 }, read, log)
    },
  })
}

/**
 * Empty where it cannot be read, which is told. What does not give its own sum is listed all the same, and told: in folders
 * that are not packed, nothing else shows what became other names, or no entries at all.
 */
async function readMetadata(
  source: ByteSource,
  { method, chunkLength, isPipable }: WimHeader,
  { resource, hash }: Metadata,
  log: DiagnosticLog,
): Promise<Uint8Array> {
  try {
    if (resource.byteLength > METADATA_LIMIT) throw new RangeError('it is longer than it can be')
    const opened = await openResource(source, resource, { method, chunkLength, isPipable })
    const bytes = await opened.read(0, resource.byteLength)
    if (!givesHash(bytes, hash))
      log.damage(
        'DIRECTORY_SUM_WRONG',
        'The folders of an image do not give their own SHA-1: names in them may be other, or missing.',
      )
    return bytes
  } catch (error) {
    const isDamage = (error as { code?: string }).code === 'CONTENT_DAMAGED' || error instanceof RangeError
    if (!isDamage) throw error
    log.damage('DIRECTORY_UNREADABLE', `The folders of an image cannot be read: ${(error as Error).message}`)
    return new Uint8Array(0)
  }
}

async function describedImages(
  source: ByteSource,
  { xml, ...header }: WimHeader,
  log: DiagnosticLog,
): Promise<WimImage[]> {
  if (xml.byteLength === 0 || xml.byteLength > XML_LIMIT) return []
  try {
    const resource = await openResource(source, xml, header)
    return readImages(await resource.read(0, xml.byteLength))
  } catch (error) {
    if ((error as { code?: string }).code !== 'CONTENT_DAMAGED') throw error
    log.damage('DESCRIPTION_UNREADABLE', 'The description of the images is damaged: their names are lost.')
    return []
  }
}

/** Where the last of what the header names ends, in bytes. */
function endOf({ blobTable, xml, integrity }: WimHeader): number {
  return Math.max(...[blobTable, xml, integrity].map(({ byteOffset, packedLength }) => byteOffset + packedLength))
}
