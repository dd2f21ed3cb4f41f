import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import type { ByteSource } from '../image'
import { CancelledError, type Control } from '../task'
import { BurnError } from './burn-error'
import { SECTOR_LENGTH } from './medium'
import { complaintIn, writtenIn } from './programs'

const CHUNK_BYTES = 1 << 20
const TOLD_LIMIT = 1 << 16

/**
 * Runs a program that burns what it is given on standard input.
 * @param program its absolute place
 * @returns SHA-256 of the image, in hexadecimal
 * @throws {BurnError} `BURN_FAILED` with what it said, `CONTENT_DAMAGED` where the image cannot be read to its end
 * @throws {CancelledError}
 */
export async function runBurner(
  program: string,
  args: readonly string[],
  source: ByteSource,
  control: Control,
): Promise<string> {
  const child = spawn(program, [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
    windowsHide: true,
  })
  let told = ''
  let written = 0
  const receive = (text: string): void => {
    told = `${told}${text}`.slice(-TOLD_LIMIT)
    for (const line of text.split(/[\r\n]/)) {
      written = Math.max(written, writtenIn(line) ?? 0)
      control.progress({ bytesDone: Math.min(written, source.byteLength) })
    }
  }
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', receive)
  // It may end before it has taken everything; why, it says itself.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const state = { hasEnded: false }
  const note = (): void => {
    state.hasEnded = true
  }
  ended.then(note, note)
  const hash = createHash('sha256')
  try {
    for (let at = 0; at < source.byteLength && !state.hasEnded; at += CHUNK_BYTES) {
      await control.checkpoint()
      const wanted = Math.min(CHUNK_BYTES, source.byteLength - at)
      const bytes = await source.read(at, wanted)
      if (bytes.byteLength < wanted)
        throw new BurnError(
          'CONTENT_DAMAGED',
          `The image ends at byte ${at + bytes.byteLength}; the disc is unusable.`,
          at,
        )
      hash.update(bytes)
      if (!child.stdin.write(bytes))
        await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), ended])
    }
    child.stdin.end(Buffer.alloc((SECTOR_LENGTH - (source.byteLength % SECTOR_LENGTH)) % SECTOR_LENGTH))
    // Only between pieces is anybody asked; what is left is in its buffers.
    while (!state.hasEnded) {
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 100))])
      await control.checkpoint()
    }
    const status = await ended
    if (status !== 0)
      throw new BurnError('BURN_FAILED', `The disc was not burned: ${complaintIn(told) || 'the program failed'}.`)
    return hash.digest('hex')
  } catch (error) {
    child.kill('SIGINT')
    child.stdin.destroy()
    await ended.catch(() => undefined)
    if ((error as { code?: string }).code === 'CANCELLED')
      throw new CancelledError().because('Cancelled. What was burned until then is not usable.')
    throw error
  }
}
