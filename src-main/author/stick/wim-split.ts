import type { ByteSource } from '../../image'
import { ENTRY_LENGTH, EntryAt } from '../../image/core/wim/blob-table'
import {
  HEADER_LENGTH,
  HeaderAt,
  HeaderFlag,
  MAGIC,
  readHeader,
  readResource,
  RESOURCE_LENGTH,
  ResourceAt,
  ResourceFlag,
} from '../../image/core/wim/header'
import type { AuthorContent } from '../author-tree'
import { ByteWriter } from '../byte-writer'
import { FAT_FILE_LIMIT } from './fat32'
import { Pieces, plainResource, resourceHeader } from '../wim/pieces'

const TABLE_LIMIT = 1 << 28
/** As Windows’ own tool is asked for it: what FAT takes, with room to spare. */
export const PART_LENGTH = 4000 * 2 ** 20

/** One entry of the table, as it stands there. */
interface Resource {
  entry: Uint8Array
  flags: number
  byteOffset: number
  packedLength: number
}

/** A part of a Windows image. */
export interface WimPart {
  /** `install.swm`, `install2.swm`. */
  name: string
  content: AuthorContent
}

/**
 * Splits a Windows image into parts that Windows joins by itself (`.swm`). Resources are not unpacked: each is copied as
 * it is; the metadata of all images is in the first part, and every part has a table of its own resources and the XML.
 * @param content of the whole file @param stem of the parts’ names @param partLength most bytes of a part
 * @param fileLimit most bytes of a file, whatever it holds
 * @returns null where it cannot be split: solid resources, streams made for pipes, one of several already, no Windows image,
 *   a resource that alone is longer than a FAT file may be
 */
export async function splitWim(
  content: AuthorContent,
  stem: string,
  partLength = PART_LENGTH,
  fileLimit = FAT_FILE_LIMIT,
): Promise<WimPart[] | null> {
  const source = content.open()
  try {
    const head = Buffer.from(await source.read(0, HEADER_LENGTH))
    const header = readHeader(head)
    if (header === null || head.toString('latin1', 0, 8) !== MAGIC || header.partCount !== 1) return null
    const table = await readPlain(source, header.blobTable)
    const xml = await readPlain(source, header.xml)
    if (table === null || xml === null) return null
    const resources = readEntries(table)
    if (resources === null) return null
    const groups = groupsOf(resources, partLength - HEADER_LENGTH - xml.byteLength)
    const parts = groups.map((group, index) => {
      const name = index === 0 ? `${stem}.swm` : `${stem}${index + 1}.swm`
      const part = partOf({ content, head, xml, group, number: index + 1, count: groups.length })
      return { name, content: { ...part, origin: `${content.origin} (${name})` } }
    })
    return parts.some((part) => part.content.byteLength > fileLimit) ? null : parts
  } finally {
    await source.close()
  }
}

/** Null where it is packed, or cannot be: tables are not, but in streams. */
async function readPlain(
  source: ByteSource,
  { flags, byteOffset, packedLength, byteLength }: ReturnType<typeof readResource>,
): Promise<Uint8Array | null> {
  if ((flags & ResourceFlag.compressed) !== 0 || packedLength !== byteLength || byteLength > TABLE_LIMIT) return null
  const bytes = await source.read(byteOffset, byteLength)
  return bytes.byteLength === byteLength ? bytes : null
}

/** Null where one is solid. */
function readEntries(table: Uint8Array): Resource[] | null {
  const resources: Resource[] = []
  for (let at = 0; at + ENTRY_LENGTH <= table.byteLength; at += ENTRY_LENGTH) {
    const entry = table.subarray(at, at + ENTRY_LENGTH)
    const { flags, byteOffset, packedLength } = readResource(entry, 0)
    if ((flags & ResourceFlag.solid) !== 0) return null
    resources.push({ entry, flags, byteOffset, packedLength })
  }
  return resources
}

/** In the order of the file; metadata first, all of it in the first part. */
function groupsOf(resources: readonly Resource[], room: number): Resource[][] {
  const isMetadata = ({ flags }: Resource): boolean => (flags & ResourceFlag.metadata) !== 0
  const first = resources.filter(isMetadata)
  const others = resources.filter((each) => !isMetadata(each)).toSorted((a, b) => a.byteOffset - b.byteOffset)
  const lengthOf = (each: Resource): number => each.packedLength + ENTRY_LENGTH
  const groups = [first]
  let [current, taken] = [first, first.reduce((sum, each) => sum + lengthOf(each), 0)]
  for (const resource of others) {
    if (taken + lengthOf(resource) > room && current.length > 0) {
      current = []
      taken = 0
      groups.push(current)
    }
    current.push(resource)
    taken += lengthOf(resource)
  }
  return groups
}

interface PartRequest {
  content: AuthorContent
  head: Buffer
  xml: Uint8Array
  group: readonly Resource[]
  number: number
  count: number
}

function partOf({ content, head, xml, group, number, count }: PartRequest): AuthorContent {
  const pieces = new Pieces()
  const table = new ByteWriter(group.length * ENTRY_LENGTH)
  const boot = readResource(head, HeaderAt.bootMetadata)
  let bootMetadata: Uint8Array | null = null
  for (const [index, { entry, byteOffset, packedLength }] of group.entries()) {
    const own = index * ENTRY_LENGTH
    table
      .set(own, entry)
      .u64Le(own + ResourceAt.byteOffset, pieces.copy(content, byteOffset, packedLength))
      .u16Le(own + EntryAt.part, number)
    if (boot.packedLength > 0 && byteOffset === boot.byteOffset)
      bootMetadata = table.bytes.slice(own, own + RESOURCE_LENGTH)
  }
  const plain = (at: number, bytes: Uint8Array): Uint8Array =>
    resourceHeader(plainResource(bytes.byteLength, pieces.put(bytes), head[at + ResourceAt.flags]))
  const header = new ByteWriter(HEADER_LENGTH)
    .set(0, head)
    .u32Le(HeaderAt.flags, (head.readUInt32LE(HeaderAt.flags) | HeaderFlag.spanned) >>> 0)
    .u16Le(HeaderAt.part, number)
    .u16Le(HeaderAt.partCount, count)
    .set(HeaderAt.blobTable, plain(HeaderAt.blobTable, table.bytes))
    .set(HeaderAt.xml, plain(HeaderAt.xml, xml))
    .set(HeaderAt.bootMetadata, bootMetadata ?? new Uint8Array(RESOURCE_LENGTH))
    .set(HeaderAt.integrity, new Uint8Array(RESOURCE_LENGTH)).bytes
  const position = content.discPosition
  return {
    ...pieces.finish(header, content.origin),
    ...(position === undefined ? {} : { discPosition: position + (number - 1) / (count + 1) }),
  }
}
