import { BlockFault } from './block-fault'
import { moduleBytes } from './module-bytes'

/** The decoders as `assembly` has them. Numbers below zero are what went wrong, else bytes written. */
export interface CompiledDecoders {
  memory: { buffer: ArrayBuffer; grow(pages: number): number }
  firstFree: () => number
  slack: () => number
  adc: (from: number, byteLength: number, out: number, outLength: number) => number
  crc64: (sum: bigint, from: number, byteLength: number) => bigint
  lz4: (from: number, byteLength: number, out: number, limit: number, mode: number) => number
  lzmaModelSize: (contextAndPosition: number) => number
  lzmaPlace: (model: number, output: number) => void
  lzmaSetProperties: (context: number, position: number, positionBits: number) => void
  lzmaResetState: () => void
  lzmaResetDictionary: () => void
  lzmaRestart: (at: number, byteLength: number) => void
  lzmaGive: (at: number, byteLength: number) => void
  lzmaFrom: () => number
  lzmaRest: () => number
  lzmaIsDone: () => number
  lzmaPut: (at: number, byteLength: number) => void
  lzmaSlide: (byteLength: number) => void
  lzmaLength: () => number
  lzmaRun: (stop: number, isLast: number) => number
  lzfse: (from: number, byteLength: number, out: number, outLength: number, literals: number) => number
  lzms: (from: number, byteLength: number, out: number, outLength: number, targets: number) => number
  /** Bytes that it needs besides. */
  lzmsMemory: { value: number }
  lzmsReached: () => number
  lznt1: (from: number, byteLength: number, out: number, outLength: number) => number
  lzo: (from: number, byteLength: number, out: number, limit: number) => number
  lzvn: (from: number, byteLength: number, out: number, outLength: number) => number
  lzx: (from: number, byteLength: number, out: number, outLength: number, order: number) => number
  xpress: (from: number, byteLength: number, out: number, outLength: number) => number
  xxh64Begin: (state: number) => void
  xxh64End: (state: number, total: bigint, from: number, byteLength: number) => bigint
  xxh64Stripes: (state: number, from: number, byteLength: number) => void
}

/** What of WebAssembly is used here; its types come with those of browsers only. */
const { Instance, Module, RuntimeError } = (globalThis as unknown as { WebAssembly: Assembly }).WebAssembly
interface Assembly {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  Instance: new (module: object) => { exports: unknown }
  RuntimeError: new () => Error
}

const PAGE = 65_536
/** A stream and the sum of what it gives are worked at by turns. */
const IDLE_LIMIT = 2
/** An instance whose memory has grown beyond it is not kept, in bytes: memory never becomes less. */
const KEPT_MEMORY = 64 << 20
/** What is unpacked to so many bytes and more is not copied out of its memory, if it is most of that. */
const WORTH_A_MEMORY = 16 << 20
const MOST_OF_IT = 0.75

let compiled: object | null = null

/** The compiled decoders with a memory of their own, which one caller at a time uses. */
export class DecoderInstance {
  readonly decoders: CompiledDecoders
  /** Where memory begins that is for the caller. */
  readonly firstFree: number
  /** Bytes that must be left behind every input, of zeros, and every output. */
  readonly slack: number
  /** All of the memory; another one after every `reserve`. */
  memory: Uint8Array<ArrayBuffer>

  constructor() {
    compiled ??= compile()
    this.decoders = new Instance(compiled).exports as CompiledDecoders
    this.firstFree = (this.decoders.firstFree() + 15) & ~15
    this.slack = this.decoders.slack()
    this.memory = new Uint8Array(this.decoders.memory.buffer)
  }

  /**
   * Makes the memory so long at least.
   * @throws {RangeError} where that is more than it may be
   */
  reserve(end: number): void {
    const missing = Math.ceil((end - this.memory.byteLength) / PAGE)
    if (missing <= 0) return
    const { memory } = this.decoders
    memory.grow(missing)
    this.memory = new Uint8Array(memory.buffer)
  }

  /** Puts an input somewhere. @returns where an output may begin behind it */
  put(bytes: Uint8Array, at: number): number {
    const end = at + bytes.byteLength
    this.reserve(end + this.slack)
    this.memory.set(bytes, at)
    this.memory.fill(0, end, end + this.slack)
    return (end + this.slack + 15) & ~15
  }
}

/** @throws {TypeError} where this machine cannot run the decoders, which is no damage of anybody’s disc */
function compile(): object {
  const bytes = moduleBytes()
  try {
    return new Module(bytes)
  } catch (error) {
    throw new TypeError('The decoders cannot be run here.', { cause: error })
  }
}

/** Instances that nobody uses: small ones stay, large ones as long as their memory is not wanted otherwise. */
const idle: DecoderInstance[] = []
let largeIdle: WeakRef<DecoderInstance> | null = null

/** An instance to use alone, until it is given back. A large one first: two of them are more memory than there is. */
export function takeInstance(): DecoderInstance {
  const large = largeIdle?.deref()
  largeIdle = null
  return large ?? idle.pop() ?? new DecoderInstance()
}

/** One that trapped is not given back: what state it is in is not known. */
export function giveBack(instance: DecoderInstance): void {
  if (instance.memory.byteLength > KEPT_MEMORY) largeIdle = new WeakRef(instance)
  else if (idle.length < IDLE_LIMIT) idle.push(instance)
}

let isBorrowing = false

/**
 * Lets a block be unpacked to bytes that are good until another one is unpacked on this thread, which saves a copy, and the
 * memory for it.
 * @param unpack unpacks one block
 */
export function borrowing(unpack: () => Uint8Array): Uint8Array {
  isBorrowing = true
  try {
    return unpack()
  } finally {
    isBorrowing = false
  }
}

/**
 * Unpacks a block into bytes of its own, but for {@link borrowing}.
 * @param limit the most that it unpacks to, in bytes
 * @param run calls the decoder; the numbers are where the input, the output, and memory for its model begin
 * @param faults sentences for what it answers: −1 is the first
 * @param modelSize bytes of that memory; none without it
 * @param reached how many bytes of a block that fails are as they would be; absent where nobody knows
 * @throws {RangeError} with one of them; a {@link BlockFault} where something was reached
 */
export function unpackBlockBy(
  packed: Uint8Array,
  limit: number,
  run: (decoders: CompiledDecoders, from: number, out: number, model: number) => number,
  faults: readonly string[],
  modelSize?: (decoders: CompiledDecoders) => number,
  reached?: (decoders: CompiledDecoders) => number,
): Uint8Array<ArrayBuffer> {
  const instance = takeInstance()
  const { firstFree, decoders, slack } = instance
  const from = modelSize === undefined ? firstFree : (firstFree + modelSize(decoders) + 15) & ~15
  let out: number
  try {
    out = instance.put(packed, from)
    instance.reserve(out + limit + slack)
  } catch (error) {
    giveBack(instance)
    throw error
  }
  const byteLength = orTrap(() => run(decoders, from, out, firstFree))
  const end = out + (byteLength < 0 ? (reached?.(decoders) ?? 0) : byteLength)
  let bytes: Uint8Array<ArrayBuffer>
  if (isBorrowing) {
    bytes = instance.memory.subarray(out, end)
    giveBack(instance)
  }
  // To copy something long takes as long as a third of unpacking it: the memory that it lies in goes with it.
  else if (end - out >= Math.max(WORTH_A_MEMORY, instance.memory.byteLength * MOST_OF_IT))
    bytes = instance.memory.subarray(out, end)
  else {
    bytes = instance.memory.slice(out, end)
    giveBack(instance)
  }
  if (byteLength < 0) throw new BlockFault(faults[-1 - byteLength] ?? 'the packed data are damaged', bytes)
  return bytes
}

/** As {@link unpackBlockBy}; null where that fails, or gives fewer bytes. */
export function unpackOrNull(
  packed: Uint8Array,
  byteLength: number,
  run: Parameters<typeof unpackBlockBy>[2],
  modelSize?: Parameters<typeof unpackBlockBy>[4],
): Uint8Array | null {
  try {
    const bytes = unpackBlockBy(packed, byteLength, run, [], modelSize)
    return bytes.byteLength === byteLength ? bytes : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** @throws {RangeError} where the decoder trapped, which damaged data may bring about */
export function orTrap<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof RuntimeError) throw new RangeError('the packed data are damaged', { cause: error })
    throw error
  }
}
