import { safeName, nameRulesFor } from '../extract/safe-names'
import type { EntryTable } from '../image'
import { linuxDeviceNumber } from '../image/core/device-number'
import { FileType, NAME_LIMIT } from './fuse/protocol'

/** What a file system tells of one of its nodes. */
export interface TreeNode {
  /** The inode’s number: from 1, the root; the same each time the image is opened, and shared by hard links. */
  number: number
  /** From `FileType`. */
  type: number
  /** The lowest nine bits of a mode. */
  permissions: number
  byteLength: number
  linkCount: number
  /** Milliseconds since 1970 UTC; 0 where none is recorded. */
  modified: number
  /** Of a device node: its number, as Linux keeps it in 32 bits; 0 of everything else. */
  device: number
}

const ROOT = 1
const READ_ALL = 0o444
const SEARCH_ALL = 0o555
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const RULES = nameRulesFor('linux')

/** One view as a tree of inodes. Entry n is inode n + 1; of hard links, the first one is. */
export class MountTree {
  /** How many folders each folder has. */
  private readonly folderCounts: Uint32Array
  /** The first entry of each group of hard links, and how many there are. */
  private readonly groups = new Map<number, { first: number; count: number }>()
  /** Children whose names no file system takes, by what they are called instead; of folders that were looked at. */
  private readonly shortened = new Map<number, ReadonlyMap<string, number>>()

  constructor(readonly table: EntryTable) {
    this.folderCounts = new Uint32Array(table.length)
    for (let entry = 1; entry < table.length; entry++) {
      if (table.kindOf(entry) === 'directory') {
        const parent = table.parentOf(entry)
        this.folderCounts[parent] = (this.folderCounts[parent] ?? 0) + 1
      }
      const group = table.hardLinkGroupOf(entry)
      if (group < 0) continue
      const known = this.groups.get(group)
      if (known) known.count++
      else this.groups.set(group, { first: entry, count: 1 })
    }
  }

  /** The entry of an inode; −1 where there is none. */
  entryOf(number: number): number {
    return Number.isInteger(number) && number >= ROOT && number <= this.table.length ? number - ROOT : -1
  }

  numberOf(entry: number): number {
    const group = this.table.hardLinkGroupOf(entry)
    return (group < 0 ? entry : (this.groups.get(group)?.first ?? entry)) + ROOT
  }

  isFolder(entry: number): boolean {
    return this.table.kindOf(entry) === 'directory'
  }

  isFile(entry: number): boolean {
    return this.table.kindOf(entry) === 'file'
  }

  typeOf(entry: number): number {
    const kind = this.table.kindOf(entry)
    if (kind !== 'device') return FileType[kind]
    return this.table.deviceOf(entry)?.isBlock === true ? FileType.blockDevice : FileType.characterDevice
  }

  node(entry: number): TreeNode {
    const { table } = this
    const isFolder = this.isFolder(entry)
    const mode = table.modeOf(entry)
    const group = table.hardLinkGroupOf(entry)
    const modified = table.modifiedOf(entry)
    const device = table.deviceOf(entry)
    return {
      number: this.numberOf(entry),
      type: this.typeOf(entry),
      permissions: permissionsOf(mode, isFolder),
      byteLength: this.byteLengthOf(entry),
      linkCount: isFolder ? 2 + (this.folderCounts[entry] ?? 0) : (this.groups.get(group)?.count ?? 1),
      modified: Number.isNaN(modified) ? 0 : modified,
      device: device === null ? 0 : linuxDeviceNumber(device),
    }
  }

  /** The bytes of an entry’s name, at most 255 of them: what is longer is called what extraction calls it. */
  nameOf(entry: number): Uint8Array {
    const name = this.table.nameOf(entry)
    const bytes = encoder.encode(name)
    return bytes.byteLength <= NAME_LIMIT ? bytes : encoder.encode(safeName(name, RULES))
  }

  /** The child of that name; −1 without one. */
  find(folder: number, name: Uint8Array): number {
    let text: string
    try {
      text = decoder.decode(name)
    } catch {
      return -1
    }
    const { table } = this
    let low = table.firstChildOf(folder)
    let high = low + table.childCountOf(folder)
    while (low < high) {
      const middle = (low + high) >> 1
      const order = compareByCodePoints(table.nameOf(middle), text)
      if (order === 0) return encoder.encode(text).byteLength <= NAME_LIMIT ? middle : -1
      if (order < 0) low = middle + 1
      else high = middle
    }
    // Names that were shortened have a mark before their digest.
    return text.includes('~') ? (this.shortenedIn(folder).get(text) ?? -1) : -1
  }

  /** Of a symbolic link. */
  targetOf(entry: number): Uint8Array | null {
    const target = this.table.targetOf(entry)
    return target === null ? null : encoder.encode(target)
  }

  private byteLengthOf(entry: number): number {
    if (this.isFile(entry)) return this.table.byteLengthOf(entry)
    return this.targetOf(entry)?.byteLength ?? 0
  }

  private shortenedIn(folder: number): ReadonlyMap<string, number> {
    const known = this.shortened.get(folder)
    if (known) return known
    const { table } = this
    const found = new Map<string, number>()
    const first = table.firstChildOf(folder)
    for (let entry = first; entry < first + table.childCountOf(folder); entry++) {
      const name = table.nameOf(entry)
      // A unit of UTF-16 takes three bytes at most.
      if (name.length * 3 <= NAME_LIMIT || encoder.encode(name).byteLength <= NAME_LIMIT) continue
      const short = safeName(name, RULES)
      if (!found.has(short)) found.set(short, entry)
    }
    this.shortened.set(folder, found)
    return found
  }
}

/** Whoever mounts an image may read all of it, whatever the disc says of its owners, who live on another computer. */
function permissionsOf(mode: number, isFolder: boolean): number {
  if (mode < 0) return isFolder ? SEARCH_ALL : READ_ALL
  return (mode & 0o777) | (isFolder ? 0o500 : 0o400)
}

/** As the bytes of UTF-8 are ordered: units of UTF-16 alone would put what lies beyond the first plane too early. */
function compareByCodePoints(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  for (let i = 0; i < end; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Surrogates stand for what comes after every other unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
