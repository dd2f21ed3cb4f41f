import path from 'node:path'
import { pathToFileURL } from 'node:url'

type WriteFlatIso = (file: string, entryCount: number, label: string, byteLengthOf?: (entry: number) => number) => void

/** Writes an image of one folder with many files. */
export async function writeFlatIso(...request: Parameters<WriteFlatIso>): Promise<void> {
  const builder = pathToFileURL(path.join(import.meta.dirname, '../bench/flat-iso.mjs')).href
  const module = (await import(builder)) as { writeFlatIso: WriteFlatIso }
  module.writeFlatIso(...request)
}
