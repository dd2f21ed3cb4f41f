import type { ByteSource } from '../core/byte-source'
import type { EntryTable } from '../core/entry-table'

/** All of a file as text: UTF-8, or UTF-16 with a mark. For files known to be short. */
export async function readEntryText(table: EntryTable, index: number): Promise<string> {
  return textOf(await readEntryBytes(table, index))
}

/** All bytes of a file that is known to be short. */
export async function readEntryBytes(table: EntryTable, index: number): Promise<Buffer> {
  const content = table.content(index)
  if (!content) return Buffer.alloc(0)
  try {
    return await readAll(content)
  } finally {
    await content.close()
  }
}

async function readAll(content: ByteSource): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < content.byteLength;) {
    const bytes = await content.read(at, Math.min(1 << 20, content.byteLength - at))
    if (bytes.byteLength === 0) break
    pieces.push(bytes)
    at += bytes.byteLength
  }
  return Buffer.concat(pieces)
}

/** What bytes say as text: UTF-8, or UTF-16 with a mark. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder(charsetOf(bytes)).decode(bytes)
}

/** Lists that PowerShell writes are UTF-16, with a mark. */
export function charsetOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const [first, second] = bytes
  return first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}
