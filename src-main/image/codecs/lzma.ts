import { giveBack, orTrap, takeInstance, unpackBlockBy, type CompiledDecoders, type DecoderInstance } from './compiled'

/** What a run answers (`assembly/lzma.ts`). */
const Outcome = { full: 0, short: 1, end: 2, lost: -3 } as const

const FAULTS = [
  'the LZMA data are cut short',
  'an LZMA match reaches too far back',
  'an LZMA match reaches back further than the window',
  'the LZMA data end too early',
]
const ENDS_EARLY = -FAULTS.length

/** The most that a decoder takes at a time: whole chunks of LZMA2, or a piece and what was left of the one before. */
const INPUT_LIMIT = 65_536 + 64

/** A match that reaches back to what was unpacked, and is not in the window any more. */
export class LostMatchError extends RangeError {}

/** The byte that says how literals and positions are modelled. */
export interface LzmaProperties {
  literalContext: number
  literalPosition: number
  position: number
}

/** Null where the byte is none. */
export function lzmaProperties(byte: number): LzmaProperties | null {
  if (byte >= 9 * 5 * 5) return null
  const rest = Math.floor(byte / 9)
  return { literalContext: byte % 9, literalPosition: rest % 5, position: Math.floor(rest / 5) }
}

/**
 * LZMA as the LZMA specification has it, without any header, in steps: input is given in pieces, output lies in a window.
 * It has a memory of its own until it is let go.
 */
export class LzmaDecoder {
  private readonly instance: DecoderInstance
  private readonly decoders: CompiledDecoders
  private readonly input: number
  private inputEnd: number
  private readonly window: number
  windowLength = 0
  private isTrapped = false

  /** @param properties whatever is set later has no larger sum of literal context and position */
  constructor(properties: LzmaProperties, windowLength: number) {
    this.instance = takeInstance()
    this.decoders = this.instance.decoders
    const { firstFree, slack } = this.instance
    const model = this.decoders.lzmaModelSize(properties.literalContext + properties.literalPosition)
    this.input = aligned(firstFree + model)
    this.inputEnd = this.input
    this.window = aligned(this.input + INPUT_LIMIT + slack)
    this.grow(windowLength)
    this.decoders.lzmaPlace(firstFree, this.window)
    this.decoders.lzmaRestart(this.input, 0)
    this.setProperties(properties)
  }

  /** Lets its memory go: nothing may be asked of it afterwards. */
  release(): void {
    if (!this.isTrapped) giveBack(this.instance)
  }

  /** Models anew, by these properties (LZMA2: “state reset, new properties”). */
  setProperties({ literalContext, literalPosition, position }: LzmaProperties): void {
    this.decoders.lzmaSetProperties(literalContext, literalPosition, position)
  }

  /** Models as at the beginning (LZMA2: “state reset”). */
  resetState(): void {
    this.decoders.lzmaResetState()
  }

  /** Nothing in front of what comes now is looked back to (LZMA2: “dictionary reset”). */
  resetDictionary(): void {
    this.decoders.lzmaResetDictionary()
  }

  /** Another piece of input with a beginning of its own, as each chunk of LZMA2 is. @param bytes 64 KiB at most */
  restart(bytes: Uint8Array): void {
    this.putInput(bytes, this.input)
    this.decoders.lzmaRestart(this.input, bytes.byteLength)
  }

  /** More input; what is left of the last piece stays in front of it. @param bytes 64 KiB at most */
  give(bytes: Uint8Array): void {
    const rest = this.instance.memory.slice(this.decoders.lzmaFrom(), this.inputEnd)
    this.instance.memory.set(rest, this.input)
    this.putInput(bytes, this.input + rest.byteLength)
    this.decoders.lzmaGive(this.input, this.inputEnd - this.input)
  }

  private putInput(bytes: Uint8Array, at: number): void {
    if (at + bytes.byteLength > this.input + INPUT_LIMIT)
      throw new TypeError('Too much at a time for the LZMA decoder.')
    this.instance.put(bytes, at)
    this.inputEnd = at + bytes.byteLength
  }

  /** All input was used up, and nothing is left of a match. */
  isDone(): boolean {
    return this.decoders.lzmaIsDone() !== 0
  }

  /** Bytes that are stored as they are, 64 KiB at most; there must be room for them in the window. */
  put(bytes: Uint8Array): void {
    this.putInput(bytes, this.input)
    this.decoders.lzmaPut(this.input, bytes.byteLength)
  }

  /** Makes the window larger; what is in it stays. @param byteLength of the new one */
  grow(byteLength: number): void {
    this.instance.reserve(this.window + byteLength + this.instance.slack)
    this.windowLength = byteLength
  }

  /** Where the next byte goes, in the window. */
  get at(): number {
    return this.decoders.lzmaLength()
  }

  /** A copy of what lies in the window from there on. */
  piece(from: number): Uint8Array<ArrayBuffer> {
    return this.instance.memory.slice(this.window + from, this.window + this.at)
  }

  /** What was not used of the input, once all has been unpacked. */
  rest(): Uint8Array {
    return this.instance.memory.slice(this.decoders.lzmaRest(), this.inputEnd)
  }

  /** Moves the window on: its last `byteLength` bytes become its first. */
  slide(byteLength: number): void {
    this.decoders.lzmaSlide(byteLength)
  }

  /**
   * Unpacks until the window is filled up to `end`, the input runs short, or the end marker comes.
   * @param isLast no more input comes
   * @throws {RangeError} where the data cannot be
   */
  run(end: number, isLast: boolean): 'full' | 'short' | 'end' {
    // What state its memory is in is not known until it comes back.
    this.isTrapped = true
    const outcome = orTrap(() => this.decoders.lzmaRun(Math.min(end, this.windowLength), isLast ? 1 : 0))
    this.isTrapped = false
    if (outcome === Outcome.lost) throw new LostMatchError(FAULTS[-1 - outcome])
    if (outcome < 0) throw new RangeError(FAULTS[-1 - outcome])
    return outcome === Outcome.full ? 'full' : outcome === Outcome.short ? 'short' : 'end'
  }
}

/**
 * Unpacks LZMA data without a header, as a container has them that states properties and length itself.
 * @param byteLength what they unpack to, exactly
 * @throws {RangeError} where they do not
 */
export function unpackRawLzma(packed: Uint8Array, byteLength: number, properties: LzmaProperties): Uint8Array {
  if (packed[0] !== 0) throw new RangeError('the LZMA data do not begin with 0')
  return unpackLzmaBlock(packed, byteLength, properties, false)
}

/**
 * Unpacks MicroLZMA (XZ Utils, `lzma_microlzma_decoder`): the properties lie inverted in the first byte, which is always
 * 0 otherwise.
 * @param byteLength what it unpacks to, exactly
 * @throws {RangeError} where it does not
 */
export function unpackMicroLzma(packed: Uint8Array, byteLength: number): Uint8Array {
  const properties = lzmaProperties(~(packed[0] ?? 0) & 0xff)
  if (properties === null) throw new RangeError('the LZMA properties cannot be')
  return unpackLzmaBlock(packed, byteLength, properties, false)
}

/**
 * Unpacks LZMA data in one go, whatever their first byte is.
 * @param mayEnd an end marker may come before so many bytes
 * @throws {RangeError} where they are not as they should be
 */
export function unpackLzmaBlock(
  packed: Uint8Array,
  byteLength: number,
  properties: LzmaProperties,
  mayEnd: boolean,
): Uint8Array {
  const { literalContext, literalPosition, position } = properties
  return unpackBlockBy(
    packed,
    byteLength,
    (decoders, from, out, model) => {
      decoders.lzmaPlace(model, out)
      decoders.lzmaSetProperties(literalContext, literalPosition, position)
      decoders.lzmaRestart(from, packed.byteLength)
      const outcome = decoders.lzmaRun(byteLength, 1)
      if (outcome < 0) return outcome
      return outcome === Outcome.full || mayEnd ? decoders.lzmaLength() : ENDS_EARLY
    },
    FAULTS,
    ({ lzmaModelSize }) => lzmaModelSize(literalContext + literalPosition),
  )
}

function aligned(address: number): number {
  return (address + 15) & ~15
}
