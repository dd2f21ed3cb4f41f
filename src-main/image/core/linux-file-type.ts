import { Kind } from './entry-flags'

/** By the number that ext (`EXT4_FT_…`) and EROFS (`EROFS_FT_…`) have in common for them; 0 stands for nothing known. */
const KINDS = [null, Kind.file, Kind.directory, Kind.device, Kind.device, Kind.fifo, Kind.socket, Kind.symlink] as const
/** What else is in that byte is other programs' own (Lustre). */
const TYPE_MASK = 7

/**
 * Whether what a directory says of an entry is not what its inode says. Volumes without sums have little else that shows
 * an inode that is another's, or of which bits have changed.
 */
export function isOtherKind(fileType: number, kind: number): boolean {
  const recorded = KINDS[fileType & TYPE_MASK] ?? null
  return recorded !== null && recorded !== kind
}
