import type { EntryKind, EntryStatus } from '../../src-shared/model'

/** How an entry's kind, hidden flag and status are kept in one small number. Stored, so the order never changes. */
const KINDS: readonly EntryKind[] = ['file', 'directory', 'symlink', 'device', 'fifo', 'socket']
const STATUSES: readonly EntryStatus[] = ['complete', 'partial', 'lost']
const HIDDEN_BIT = 1 << 4
export const STATUS_SHIFT = 5

export const DIRECTORY_CODE = KINDS.indexOf('directory')
export const KIND_MASK = 0xf
export const HIDDEN_MASK = HIDDEN_BIT

export function encodeFlags(kind: EntryKind, hidden: boolean, status: EntryStatus): number {
  return KINDS.indexOf(kind) | (hidden ? HIDDEN_BIT : 0) | (STATUSES.indexOf(status) << STATUS_SHIFT)
}

export function decodeFlags(flags: number): { kind: EntryKind; hidden: boolean; status: EntryStatus } {
  return {
    kind: KINDS[flags & KIND_MASK] ?? 'file',
    hidden: (flags & HIDDEN_BIT) !== 0,
    status: STATUSES[flags >> STATUS_SHIFT] ?? 'complete',
  }
}

export function kindCode(kind: EntryKind): number {
  return KINDS.indexOf(kind)
}

/** How many entries one view may number; rowids of a view are `[id × span, (id + 1) × span)`. */
export const VIEW_SPAN = 2 ** 28

/**
 * From here on numbers are given to entries that are shown before their directory is read to its end; they go when their
 * view is whole. No image is read to so many entries.
 */
export const FIRST_PASSING = 2 ** 27

export function rowidOf(viewId: number, entry: number): number {
  return viewId * VIEW_SPAN + entry
}
