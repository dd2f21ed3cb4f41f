import type { AuthorNode } from '../author-tree'
import { concatenated } from '../../image'
import { linuxDeviceNumber } from '../../image/core/device-number'
import { ByteWriter } from '../byte-writer'
import { ZisofsHeader } from '../../image/codecs/zisofs'
import { ZISOFS_BLOCK_LOG2 } from '../zisofs'
import { directoryDate, volumeDate } from './dates'

const FILE_TYPES = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  fifo: 0o010000,
  socket: 0o140000,
  device: 0o060000,
} as const
const CHARACTER_DEVICE = 0o020000
/** No System Use Entry is longer than one byte can say. */
const ENTRY_LIMIT = 255
const CONTINUE = 1
const TimeFlag = { modified: 2, longForm: 0x80 } as const
const Component = { continues: 1, current: 2, parent: 4, root: 8 } as const

/** Where relocated directories lie (RRIP 4.1.5): block numbers, once they are known. */
export interface Relocation {
  /** CL: this record stands for a directory that lies elsewhere. */
  child?: () => number
  /** PL, in a relocated directory's record of its parent: where it belongs. */
  parent?: () => number
  /** RE: this directory has been moved here. */
  isMoved?: boolean
}

/** The System Use Entries of a directory record, in order (RRIP 1.12). */
export function rockRidgeEntries(node: AuthorNode, isSelfOrParent: boolean, relocation: Relocation): Uint8Array[] {
  const entries: Uint8Array[] = []
  if (!isSelfOrParent) entries.push(...nameEntries(node.nameBytes ?? Buffer.from(node.name, 'utf8')))
  entries.push(posixEntry(node), timeEntry(node.modified))
  if (isSelfOrParent) {
    if (relocation.parent) entries.push(blockEntry('PL', relocation.parent()))
    return entries
  }
  if (node.kind === 'symlink') entries.push(...linkEntries(node.targetBytes ?? Buffer.from(node.target, 'utf8')))
  if (node.kind === 'device' && node.device !== null) entries.push(deviceEntry(node.device))
  if (node.content?.zisofs !== undefined) entries.push(zisofsEntry(node.content.zisofs.byteLength))
  if (relocation.child) entries.push(blockEntry('CL', relocation.child()))
  if (relocation.isMoved === true) entries.push(header('RE', 4).bytes)
  return entries
}

function header(signature: string, byteLength: number): ByteWriter {
  return new ByteWriter(byteLength).text(0, signature, 2).u8(2, byteLength).u8(3, 1)
}

/** RRIP 4.1.1: 44 bytes, with a serial number that the names of one file share. */
function posixEntry({ kind, mode, uid, gid, links, device, children }: AuthorNode): Uint8Array {
  const type = kind === 'device' && device?.isBlock !== true ? CHARACTER_DEVICE : FILE_TYPES[kind]
  // A directory is counted by its name, its own entry and those of its children for it.
  const count = kind === 'directory' ? 2 + children.filter((child) => child.kind === 'directory').length : links.count
  return header('PX', 44)
    .u32Both(4, type | (mode & 0o7777))
    .u32Both(12, count)
    .u32Both(20, uid)
    .u32Both(28, gid)
    .u32Both(36, links.serial).bytes
}

/** RRIP 4.1.6: the time of the last change, of seven bytes; in the long form where those cannot say it. */
function timeEntry(modified: number): Uint8Array {
  const date = directoryDate(modified)
  if (date.some((byte) => byte !== 0)) return header('TF', 12).u8(4, TimeFlag.modified).set(5, date).bytes
  return header('TF', 22)
    .u8(4, TimeFlag.modified | TimeFlag.longForm)
    .set(5, volumeDate(modified)).bytes
}

/** RRIP 4.1.4: a name longer than an entry goes on in the next one. */
function nameEntries(name: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = []
  for (let at = 0; at === 0 || at < name.byteLength; at += ENTRY_LIMIT - 5) {
    const piece = name.subarray(at, at + ENTRY_LIMIT - 5)
    const goesOn = at + piece.byteLength < name.byteLength
    entries.push(
      header('NM', 5 + piece.byteLength)
        .u8(4, goesOn ? CONTINUE : 0)
        .set(5, piece).bytes,
    )
  }
  return entries
}

/**
 * RRIP 4.1.3: the target by its components, in as many entries as they need. An entry ends within a component wherever it
 * can: libarchive forgets the slash between two components where one entry ends and the next begins.
 */
function linkEntries(bytes: Uint8Array): Uint8Array[] {
  // One character for each byte, whatever they are.
  const target = Buffer.from(bytes).toString('latin1')
  const entries: Uint8Array[][] = [[]]
  let used = 5
  const add = (flags: number, text: Uint8Array, isLast: boolean): void => {
    let at = 0
    do {
      if (used + 2 > ENTRY_LIMIT || (used + 2 === ENTRY_LIMIT && text.byteLength > at)) {
        entries.push([])
        used = 5
      }
      const room = ENTRY_LIMIT - used - 2
      const rest = text.byteLength - at
      // What comes next needs three bytes at least; one of this component goes with it instead.
      const isHeldBack = !isLast && rest > 1 && rest <= room && rest > room - 3
      const piece = text.subarray(at, at + (isHeldBack ? rest - 1 : room))
      at += piece.byteLength
      const goesOn = at < text.byteLength ? Component.continues : 0
      entries.at(-1)?.push(Uint8Array.of(flags | goesOn, piece.byteLength, ...piece))
      used += 2 + piece.byteLength
      if (goesOn !== 0) {
        entries.push([])
        used = 5
      }
    } while (at < text.byteLength)
  }
  const isFromRoot = target.startsWith('/')
  const relative = isFromRoot ? target.slice(1) : target
  if (isFromRoot) add(Component.root, new Uint8Array(0), relative === '')
  const parts = relative === '' ? [] : relative.split('/')
  for (const [index, part] of parts.entries()) {
    // Slashes that say nothing are recorded as well: as a root in the middle, which every reader shows as one.
    const empty = index < parts.length - 1 ? Component.root : 0
    const flags = part === '' ? empty : part === '.' ? Component.current : part === '..' ? Component.parent : 0
    add(flags, flags === 0 ? Buffer.from(part, 'latin1') : new Uint8Array(0), index === parts.length - 1)
  }
  return entries.map((components, index) => {
    const bytes = concatenated(components)
    const goesOn = index < entries.length - 1
    return header('SL', 5 + bytes.byteLength)
      .u8(4, goesOn ? CONTINUE : 0)
      .set(5, bytes).bytes
  })
}

/** RRIP 4.1.2: the upper and the lower half of a device's number, as Linux makes one of its two. */
function deviceEntry({ major, minor }: { major: number; minor: number }): Uint8Array {
  return header('PN', 20)
    .u32Both(4, (major & ~0xfff) >>> 0)
    .u32Both(12, linuxDeviceNumber({ major, minor })).bytes
}

/** RRIP 1.12 and zisofs: packed by zlib in blocks, behind a header; how long it is unpacked. */
function zisofsEntry(byteLength: number): Uint8Array {
  return header('ZF', 16)
    .text(4, 'pz', 2)
    .u8(6, ZisofsHeader.length / 4)
    .u8(7, ZISOFS_BLOCK_LOG2)
    .u32Both(8, byteLength).bytes
}

function blockEntry(signature: string, block: number): Uint8Array {
  return header(signature, 12).u32Both(4, block).bytes
}

/** SUSP 5.3: in the root's own record, and nowhere else. */
export function sharingEntry(): Uint8Array {
  return header('SP', 7).u8(4, 0xbe).u8(5, 0xef).bytes
}

/** SUSP 5.5, RRIP 1.12 4.3: which extension the entries are of. */
export function extensionEntry(): Uint8Array {
  const id = 'IEEE_1282'
  const description = 'THE IEEE 1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS'
  const source = 'PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR THE 1282 SPECIFICATION.'
  const byteLength = 8 + id.length + description.length + source.length
  return header('ER', byteLength)
    .u8(4, id.length)
    .u8(5, description.length)
    .u8(6, source.length)
    .u8(7, 1)
    .text(8, id + description + source, byteLength - 8).bytes
}

/** SUSP 5.1: the entries go on at an offset of a block. */
export function continuationEntry(block: number, offset: number, byteLength: number): Uint8Array {
  return header('CE', 28).u32Both(4, block).u32Both(12, offset).u32Both(20, byteLength).bytes
}
export const CONTINUATION_LENGTH = 28

/** AAIP 2.0: one attribute of the namespace “isofs.”, for which the byte 4 stands in its name. */
export function attributeEntry(name: string, value: ArrayLike<number>): Uint8Array {
  const nameLength = name.length + 1
  return header('AL', 5 + 2 + nameLength + 2 + value.length)
    .u8(6, nameLength)
    .u8(7, 4)
    .text(8, name, name.length)
    .u8(8 + name.length, 0)
    .u8(9 + name.length, value.length)
    .set(10 + name.length, value).bytes
}
