import type { ByteSource } from '../../core/byte-source'

/** Closes what opening a disk opened besides its own file, where it came to nothing. */
export async function closeAllBut(kept: ByteSource, opened: readonly ByteSource[]): Promise<void> {
  for (const source of opened) if (source !== kept) await source.close()
}
