import { call } from '../../data/api'
import { READ_LIMIT } from '../../../src-shared/contract'

/** A file inside an image, as far as a preview needs to know it. */
export interface PreviewFile {
  ref: { image: number; generation: number; view: string; entry: number }
  name: string
  byteLength: number
}

/** Bytes of the file, at most what one answer holds. */
export async function readEntry(
  file: PreviewFile,
  byteOffset: number,
  byteLength: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const length = Math.min(byteLength, READ_LIMIT, Math.max(0, file.byteLength - byteOffset))
  if (length === 0) return new Uint8Array()
  return (await call('entry.read', { ...file.ref, byteOffset, byteLength: length }, { signal })).bytes
}
