import type { EntryKind } from '../../../src-shared/model'

/** The low three bits of an entry's flags: an index into `KINDS`. */
export const KIND_MASK = 7
export const KINDS: readonly EntryKind[] = ['file', 'directory', 'symlink', 'device', 'fifo', 'socket']
export const Kind = { file: 0, directory: 1, symlink: 2, device: 3, fifo: 4, socket: 5 } as const

export const EntryFlag = {
  hidden: 1 << 3,
  hasMode: 1 << 4,
  hasOwner: 1 << 5,
  /** The link count says that other entries share this content. */
  linked: 1 << 6,
  /** The name's bytes may not be a safe UTF-8 name; `finishDirectory` looks closer. */
  oddName: 1 << 7,
  /** The name differs from what is recorded. */
  renamed: 1 << 8,
  /** Not an entry after all; dropped by `finishDirectory`. */
  removed: 1 << 9,
  /** The content cannot be found: its description is unreadable. */
  damaged: 1 << 10,
  /** The directory's attributes are still to be taken from its own `.` record. */
  attributesFromSelf: 1 << 11,
  /** The content, or where a link leads, is encrypted, which costs as much as damage does. */
  encrypted: 1 << 12,
  /** Some of the content cannot be had, or is other than recorded, and nobody knows how much of it. */
  doubtful: 1 << 13,
  /** Rock Ridge has attributes or access rights of it (AAIP). */
  hasAttributes: 1 << 14,
  /** A named stream or a fork, listed under a name that nobody has recorded. */
  stream: 1 << 15,
} as const

const KNOWN_TYPES: readonly number[] = [0o1, 0o2, 0o4, 0o6, 0o10, 0o12, 0o14]

/** Whether POSIX file type bits stand for any kind. */
export function hasKind(mode: number): boolean {
  return KNOWN_TYPES.includes((mode & 0o170000) >> 12)
}

/** POSIX file type bits to kind; what has none is a file. */
export function kindOfMode(mode: number): number {
  switch (mode & 0o170000) {
    case 0o040000:
      return Kind.directory
    case 0o120000:
      return Kind.symlink
    case 0o020000:
    case 0o060000:
      return Kind.device
    case 0o010000:
      return Kind.fifo
    case 0o140000:
      return Kind.socket
    default:
      return Kind.file
  }
}
