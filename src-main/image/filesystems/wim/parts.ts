import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { SiblingOpener } from '../../core/disc-image'
import { readBlobTable, type BlobTable } from '../../core/wim/blob-table'
import type { Part } from '../../core/wim/contents'
import { HEADER_LENGTH, readHeader, type ResourceHeader, type WimHeader } from '../../core/wim/header'
import { openResource, type Packed } from '../../core/wim/resource'

/** A table of more contents is none. */
const TABLE_LIMIT = 256 << 20
const PARTS_LIMIT = 1024

/** The parts of an image that are there, with what they hold. */
export interface OpenedParts {
  parts: Map<number, Part>
  table: BlobTable
  /** Names of those that are missing. */
  missing: string[]
}

/** `install.swm`, `install2.swm`, `install3.swm`. */
export function partName(first: string, part: number): string {
  return part === 1 ? first : first.replace(/(?=\.[^.]*$|$)/, String(part))
}

/**
 * Opens the first part and whichever others lie beside it.
 * @throws {SourceError} `CONTENT_DAMAGED` where the table of the first cannot be read
 */
export async function openParts(
  source: ByteSource,
  header: WimHeader,
  name: string,
  openSibling: SiblingOpener | undefined,
  log: DiagnosticLog,
): Promise<OpenedParts> {
  const opened: OpenedParts = {
    parts: new Map(),
    table: { blobs: new Map(), hashes: [], metadata: [], solid: [] },
    missing: [],
  }
  await addPart(opened, source, header, log)
  for (let number = 2; number <= Math.min(header.partCount, PARTS_LIMIT); number++) {
    const its = partName(name, number)
    const sibling = (await openSibling?.(its)) ?? null
    const itsHeader = sibling && readHeader(await sibling.read(0, HEADER_LENGTH))
    if (sibling === null || itsHeader?.guid !== header.guid || itsHeader.part !== number) opened.missing.push(its)
    else await addPart(opened, sibling, itsHeader, log)
  }
  if (opened.missing.length > 0) {
    const [first = ''] = opened.missing
    const more = opened.missing.length > 1 ? ` and ${opened.missing.length - 1} more parts are` : ' is'
    log.damage('PART_MISSING', `“${first}”${more} missing: put all parts beside the first one. Files in them are lost.`)
  }
  return opened
}

async function addPart(opened: OpenedParts, source: ByteSource, header: WimHeader, log: DiagnosticLog): Promise<void> {
  const packed = { method: header.method, chunkLength: header.chunkLength, isPipable: header.isPipable }
  opened.parts.set(Math.max(1, header.part), { source, packed })
  const { blobTable } = header
  if (blobTable.byteLength > TABLE_LIMIT || blobTable.byteLength > source.byteLength * 64) {
    log.damage('BLOB_TABLE_CUT', 'The table of the image’s contents is longer than it can be.')
    return
  }
  const resource = await openResource(source, blobTable, packed)
  readBlobTable(await resource.read(0, resource.byteLength), opened.table, log)
  for (const solid of opened.table.solid)
    for (const its of solid.resources) solid.byteLength += await solidLength(source, its, packed, log)
}

/** Unpacked, in bytes; 0 where it cannot be read, which is told. */
async function solidLength(
  source: ByteSource,
  header: ResourceHeader,
  packed: Packed,
  log: DiagnosticLog,
): Promise<number> {
  try {
    return (await openResource(source, header, packed)).byteLength
  } catch (error) {
    if ((error as { code?: string }).code !== 'CONTENT_DAMAGED') throw error
    log.damage('SOLID_RESOURCE_DAMAGED', `Many files are lost: ${(error as Error).message}`)
    return 0
  }
}
