import { saveFile } from '../base/save-file'
import { call } from '../data/api'
import type { ExportRequest } from '../../src-shared/contract'

/** Has the engine write an export and hands it to whoever saves files here: the browser, or the desktop's dialog. */
export async function saveExport(request: ExportRequest, name?: string): Promise<void> {
  const made = await call('export.open', request)
  try {
    const pieces: BlobPart[] = []
    for (let at = 0; at < made.byteLength;) {
      const { bytes } = await call('export.read', { export: made.export, byteOffset: at })
      if (bytes.byteLength === 0) break
      pieces.push(new Uint8Array(bytes))
      at += bytes.byteLength
    }
    saveFile(name ?? made.name, pieces, 'application/octet-stream')
  } finally {
    await call('result.close', { result: made.export })
  }
}
