import { concatenated } from '../../core/copied'
import { StreamError, type Steps } from '../stream-input'
import { ARCHITECTURES } from './branch-filters'

/** Undoes one filter over a block's bytes, piece by piece. */
export interface Filter {
  /** What is done of the bytes so far; may be empty. The bytes are its own: it may change them in place. */
  undo(bytes: Uint8Array): Uint8Array
  /** What was held back for more to come. */
  end(): Uint8Array
}

const DELTA = 0x03
/** Numbers of filters that are not read (.xz format 5.3). */
const UNREAD: Readonly<Record<number, string>> = { 0x0b: 'RISC-V' }

/**
 * One that comes in front of LZMA2.
 * @param properties as the block's header has them
 * @throws {StreamError} `unsupported` by its name; `damaged`
 */
export function filterOf(id: number, properties: Uint8Array): Filter {
  if (id === DELTA) {
    if (properties.byteLength !== 1) throw oddProperties()
    return new Delta((properties[0] ?? 0) + 1)
  }
  const architecture = ARCHITECTURES[id]
  if (architecture === undefined) {
    const name = UNREAD[id] ?? `number ${id}`
    throw new StreamError('unsupported', `The .xz stream uses the filter ${name}, which is unsupported.`)
  }
  if (properties.byteLength !== 0 && properties.byteLength !== 4) throw oddProperties()
  const [a = 0, b = 0, c = 0, d = 0] = properties
  const start = (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
  if (start % architecture.alignment !== 0) throw oddProperties()
  const branches = architecture.create()
  let position = start
  let held: Uint8Array = new Uint8Array(0)
  return {
    undo(bytes) {
      const all = held.byteLength === 0 ? bytes : concatenated([held, bytes])
      const done = branches.undo(all, position)
      position = (position + done) >>> 0
      held = all.subarray(done)
      return all.subarray(0, done)
    },
    end: () => held,
  }
}

function oddProperties(): StreamError {
  return new StreamError('damaged', 'The .xz stream is damaged.')
}

/** Each byte less the one so many before it (.xz format 5.3.3). */
class Delta implements Filter {
  private readonly history = new Uint8Array(256)
  private at = 0

  constructor(private readonly distance: number) {}

  undo(bytes: Uint8Array): Uint8Array {
    const out = new Uint8Array(bytes.byteLength)
    for (const [index, byte] of bytes.entries()) {
      const value = (byte + (this.history[(this.at - this.distance) & 255] ?? 0)) & 255
      this.history[this.at++ & 255] = value
      out[index] = value
    }
    return out
  }

  end(): Uint8Array {
    return new Uint8Array(0)
  }
}

/** What a block unpacks to, by the way of all of its filters, the last one first. */
export function undoFilters(steps: Steps, filters: readonly Filter[]): Steps {
  return filters.reduceRight(undoOne, steps)
}

function* undoOne(steps: Steps, filter: Filter): Steps {
  for (const piece of steps) {
    const bytes = piece === null ? null : filter.undo(piece)
    if (bytes === null || bytes.byteLength > 0) yield bytes
  }
  const rest = filter.end()
  if (rest.byteLength > 0) yield rest
}
