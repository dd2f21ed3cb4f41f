import type { EntryKind, EntryStatus } from '../../src-shared/model'

/** How an entry's kind, hidden flag and status are kept in one small number. Stored, so the order never changes. */
const KINDS: readonly EntryKind[] = ['file', 'directory', 'symlink', 'device', 'fifo', 'socket']
const STATUSES: readonly EntryStatus[] = ['complete', 'partial', 'lost']
const HIDDEN_BIT = 1 << 4
const STATUS_SHIFT = 5

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

/** How many entries one view may number; rowids of a view are `[id × span, (id + 1) × span)`. */
export const VIEW_SPAN = 2 ** 28

export function rowidOf(viewId: number, entry: number): number {
  return viewId * VIEW_SPAN + entry
}
