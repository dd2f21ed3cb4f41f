import type { ImageLocation } from '../../src-shared/contract'

/**
 * Files that were dropped on the page or picked in a browser. The engine cannot reach them by path: it asks for slices,
 * and finds them here under the id the page gave them.
 */
const files = new Map<string, File>()
let lastUpload = 0

/** Keeps a file and answers the location under which the engine can open it. */
export function registerUpload(file: File): ImageLocation {
  const known = [...files].find(([, other]) => isSameFile(other, file))
  const id = known?.[0] ?? `upload-${Date.now().toString(36)}-${++lastUpload}`
  files.set(id, file)
  return { kind: 'upload', path: id, name: file.name, byteLength: file.size, modified: file.lastModified, inside: [] }
}

/** The bytes of a part of a kept file. */
export async function readUpload(id: string, byteOffset: number, byteLength: number): Promise<Uint8Array> {
  const file = files.get(id)
  if (!file) throw new Error('The page was loaded anew since this file was dropped. Drop it again.')
  return new Uint8Array(await file.slice(byteOffset, byteOffset + byteLength).arrayBuffer())
}

function isSameFile(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified
}
