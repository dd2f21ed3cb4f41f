import fs from 'node:fs'
import { IsoldeError, type ErrorCode } from '../../src-shared/contract/errors'
import { explainWriteError } from '../../src-shared/model'

const FLUSH_AT_BYTES = 1 << 16

/** Standard output, gathered into large writes; a reader that went away (`| head`) ends the program quietly. */
export class Output {
  private pending: string[] = []
  private pendingLength = 0

  constructor(private readonly descriptor = 1) {}

  line(text: string): void {
    this.pending.push(text, '\n')
    this.pendingLength += text.length + 1
    if (this.pendingLength >= FLUSH_AT_BYTES) this.flush()
  }

  flush(): void {
    if (this.pending.length === 0) return
    const text = this.pending.join('')
    this.pending = []
    this.pendingLength = 0
    this.bytes(Buffer.from(text, 'utf8'))
  }

  bytes(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.byteLength) at += writeSome(this.descriptor, bytes, at)
  }
}

const ZEROS = new Uint8Array(1 << 16)

/** Standard output as something that bytes are poured into, in order: holes are zeros there. */
export class OutputStream {
  private readonly output = new Output()
  private position = 0

  write(bytes: Uint8Array, at: number): void {
    this.setLength(at)
    this.output.bytes(bytes)
    this.position += bytes.byteLength
  }

  setLength(byteLength: number): void {
    while (this.position < byteLength) {
      const zeros = ZEROS.subarray(0, byteLength - this.position)
      this.output.bytes(zeros)
      this.position += zeros.byteLength
    }
  }
}

/** The reader of standard output has gone. */
export class OutputClosed extends Error {}

function writeSome(descriptor: number, bytes: Uint8Array, at: number): number {
  try {
    return fs.writeSync(descriptor, bytes, at)
  } catch (error) {
    const code = (error as { code?: string }).code
    if (code === 'EPIPE') throw new OutputClosed()
    // Somebody has set the pipe to non-blocking, and it is full: wait a little for the reader.
    if (code !== 'EAGAIN') {
      const meaning = explainWriteError(error, 'standard output')
      throw new IsoldeError(meaning.code as ErrorCode, meaning.message)
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2)
    return 0
  }
}

// C0, DEL, C1, and the characters that reorder what is shown: a name must not repaint the terminal.
const UNSHOWABLE_CHARACTER = '[\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]'
const HAS_UNSHOWABLE = new RegExp(UNSHOWABLE_CHARACTER)
const UNSHOWABLE = new RegExp(UNSHOWABLE_CHARACTER, 'g')

/** A name or path for people: what would move the cursor or reorder the text is written as an escape. */
export function showable(text: string): string {
  // A search that finds nothing costs a third of a replacement that does.
  if (!HAS_UNSHOWABLE.test(text)) return text
  return text.replace(UNSHOWABLE, (character) => {
    const code = character.charCodeAt(0)
    if (code === 9) return '\\t'
    if (code === 10) return '\\n'
    if (code === 13) return '\\r'
    return `\\u{${code.toString(16)}}`
  })
}

export function warn(text: string): void {
  process.stderr.write(`isolde: ${showable(text)}\n`)
}

/** What a script is told of a finding: a code and a sentence. The parameters beside them are for windows, which word them. */
export function withoutDetails<T extends { details?: unknown }>(finding: T): Omit<T, 'details'> {
  if (finding.details === undefined) return finding
  const told = { ...finding }
  delete told.details
  return told
}

/** “1 file”, “2,000 files”. @param noun in the singular, of those that take an s */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}
