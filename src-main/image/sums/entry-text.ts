import type { ByteSource } from '../core/byte-source'
import type { EntryTable } from '../core/entry-table'

/** All of a file as text: UTF-8, or UTF-16 with a mark. For files known to be short. */
export async function readEntryText(table: EntryTable, index: number): Promise<string> {
  const content = table.content(index)
  if (!content) return ''
  try {
    return await readText(content)
  } finally {
    await content.close()
  }
}

async function readText(content: ByteSource): Promise<string> {
  const pieces: Uint8Array[] = []
  for (let at = 0; at < content.byteLength;) {
    const bytes = await content.read(at, Math.min(1 << 20, content.byteLength - at))
    if (bytes.byteLength === 0) break
    pieces.push(bytes)
    at += bytes.byteLength
  }
  const bytes = Buffer.concat(pieces)
  // Lists that PowerShell writes are UTF-16, with a mark.
  const [first, second] = bytes
  const charset =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(charset).decode(bytes)
}
