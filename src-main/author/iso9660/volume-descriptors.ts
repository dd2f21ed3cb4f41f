import { ByteWriter } from '../byte-writer'
import { BLOCK } from '../layout'
import { directoryDate, volumeDate } from './dates'
import type { IsoTree } from './directory-tree'
import { TEXT_BYTES, type VolumeTexts } from './volume-texts'

export interface PathTables {
  byteLength: number
  littleEndianBlock: number
  bigEndianBlock: number
}

/** ECMA-119 8.4.26 and 8.4.27, in bytes. */
export const VolumeDateAt = { created: 813, modified: 830 } as const

interface TreeDescriptorRequest {
  kind: 'primary' | 'joliet' | 'enhanced'
  tree: IsoTree
  texts: VolumeTexts
  blockCount: number
  pathTables: PathTables
  /** Milliseconds since 1970 UTC. */
  date: number
  /** Fields that are written in place of it. */
  recordedDates: { created: Uint8Array; modified: Uint8Array } | null
}

/** Joliet level 3 (ISO/IEC 2022: UCS-2, level 3). */
const JOLIET_ESCAPE = '%/E'

/** ECMA-119 8.4 and 8.5; ISO 9660:1999 8.5 for the enhanced one. */
export function writeTreeDescriptor(request: TreeDescriptorRequest): Uint8Array {
  const { kind, tree, texts, blockCount, pathTables, date, recordedDates } = request
  const { root } = tree
  const isJoliet = kind === 'joliet'
  const descriptor = new ByteWriter(BLOCK)
  const text = (at: number, field: keyof VolumeTexts): void => {
    if (!isJoliet) descriptor.text(at, texts[field], TEXT_BYTES[field])
    else descriptor.set(at, ucs2(texts[field], TEXT_BYTES[field]))
  }
  descriptor
    .u8(0, kind === 'primary' ? 1 : 2)
    .text(1, 'CD001', 5)
    .u8(6, kind === 'enhanced' ? 2 : 1)
    .u32Both(80, blockCount)
    .u16Both(120, 1)
    .u16Both(124, 1)
    .u16Both(128, BLOCK)
    .u32Both(132, pathTables.byteLength)
    .u32Le(140, pathTables.littleEndianBlock)
    .u32Be(148, pathTables.bigEndianBlock)
    .set(156, rootRecord(root.block, root.byteLength, root.node.modified))
    .set(VolumeDateAt.created, recordedDates?.created ?? volumeDate(date))
    .set(VolumeDateAt.modified, recordedDates?.modified ?? volumeDate(date))
    .set(847, volumeDate(null))
    .set(864, volumeDate(null))
    .u8(881, kind === 'enhanced' ? 2 : 1)
    // Application use: spaces, as those who implant a sum there expect.
    .text(883, '', 512)
  if (isJoliet) descriptor.text(88, JOLIET_ESCAPE, 3)
  text(8, 'systemId')
  text(40, 'label')
  text(190, 'volumeSetId')
  text(318, 'publisher')
  text(446, 'preparer')
  text(574, 'application')
  text(702, 'copyrightFile')
  text(739, 'abstractFile')
  text(776, 'bibliographicFile')
  return descriptor.bytes
}

function rootRecord(block: number, byteLength: number, modified: number): Uint8Array {
  return new ByteWriter(34)
    .u8(0, 34)
    .u32Both(2, block)
    .u32Both(10, byteLength)
    .set(18, directoryDate(modified))
    .u8(25, 2)
    .u16Both(28, 1)
    .u8(32, 1).bytes
}

/** A field of 16-bit characters, big-endian, filled up with spaces; of an odd one the last byte stays zero. */
function ucs2(value: string, fieldLength: number): Uint8Array {
  const field = new Uint8Array(fieldLength)
  for (let i = 0; i + 1 < fieldLength; i += 2) {
    const code = i / 2 < value.length ? value.charCodeAt(i / 2) : 0x20
    field[i] = code >> 8
    field[i + 1] = code & 0xff
  }
  return field
}

/** El Torito 2.0: what a boot record says that it is for, and where it has the catalog’s block. */
export const BOOT_SYSTEM = 'EL TORITO SPECIFICATION'
export const BOOT_CATALOG_AT = 71

/** El Torito 2.0: the boot record, which says where the boot catalog lies. */
export function writeBootRecord(catalogBlock: number): Uint8Array {
  return new ByteWriter(BLOCK)
    .text(1, 'CD001', 5)
    .u8(6, 1)
    .text(7, BOOT_SYSTEM, 32, 0)
    .u32Le(BOOT_CATALOG_AT, catalogBlock).bytes
}

/** ECMA-119 8.3. */
export function writeTerminator(): Uint8Array {
  return new ByteWriter(BLOCK).u8(0, 255).text(1, 'CD001', 5).u8(6, 1).bytes
}
