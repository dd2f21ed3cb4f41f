import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { ExportOf } from './export-request'

const PIECE_CHARACTERS = 1 << 18

/** An export on its way to whoever saves it: written into a file without a name, read piece by piece. */
export class ExportFile {
  private readonly descriptor: number
  private byteLength = 0

  constructor() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-export-'))
    const file = path.join(folder, 'export')
    this.descriptor = fs.openSync(file, 'wx+', 0o600)
    try {
      // Goes with the program, whatever ends it; where a file in use cannot be removed, it goes at `close`.
      fs.rmSync(folder, { recursive: true, force: true })
    } catch {
      this.left = folder
    }
  }

  private left: string | null = null

  /** Writes all pieces; between large ones the thread answers others. */
  async write(pieces: Iterable<string>): Promise<void> {
    let waiting = ''
    for (const piece of pieces) {
      waiting += piece
      if (waiting.length < PIECE_CHARACTERS) continue
      this.append(waiting)
      waiting = ''
      await new Promise((resolve) => setImmediate(resolve))
    }
    this.append(waiting)
  }

  read(byteOffset: number, byteLength: number): Uint8Array {
    const bytes = Buffer.alloc(Math.max(0, Math.min(byteLength, this.byteLength - byteOffset)))
    const count = fs.readSync(this.descriptor, bytes, 0, bytes.byteLength, byteOffset)
    return new Uint8Array(bytes.buffer, bytes.byteOffset, count)
  }

  facts(request: ExportOf): { name: string; byteLength: number } {
    const name =
      request.what === 'sums'
        ? request.algorithm === 'sha256'
          ? 'SHA256SUMS'
          : 'B3SUMS'
        : `${request.what}.${request.format}`
    return { name, byteLength: this.byteLength }
  }

  close(): void {
    fs.closeSync(this.descriptor)
    if (this.left !== null) fs.rmSync(this.left, { recursive: true, force: true })
  }

  private append(text: string): void {
    this.byteLength += fs.writeSync(this.descriptor, text)
  }
}
