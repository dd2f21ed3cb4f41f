import { BitReader } from './bit-reader'

/** RFC 9639, 9.1.1: blocks of samples by the code in a frame's header; 6 and 7 stand behind it. */
const BLOCK_SIZES = [0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768]
const SAMPLE_BITS = [16, 8, 12, 0, 16, 20, 24, 32]
const FIXED = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]] as const
const CHANNELS = { leftSide: 8, sideRight: 9, middleSide: 10 } as const
/** Bits of a residual beyond which there is none in 16-bit sound. */
const QUOTIENT_LIMIT = 1 << 20

/**
 * Frames of FLAC (RFC 9639, 9) without what comes before them in a file: sound of 16 bits in two channels.
 * @param sampleCount of each channel
 * @returns the samples, left and right by turns, and how many bytes they took; null where the frames are damaged or of
 *   another kind
 */
export function decodeFlacFrames(
  bytes: Uint8Array,
  sampleCount: number,
): { samples: Int16Array; byteLength: number } | null {
  const samples = new Int16Array(sampleCount * 2)
  const reader = new BitReader(bytes)
  let done = 0
  while (done < sampleCount) {
    const frame = decodeFrame(reader)
    if (frame === null) return null
    const [left, right] = frame
    const count = Math.min(left.length, sampleCount - done)
    for (let i = 0; i < count; i++) {
      samples[(done + i) * 2] = left[i] ?? 0
      samples[(done + i) * 2 + 1] = right[i] ?? 0
    }
    done += count
  }
  return { samples, byteLength: reader.position }
}

function decodeFrame(reader: BitReader): [Float64Array, Float64Array] | null {
  if (reader.read(14) !== 0x3ffe) return null
  reader.skip(2)
  const sizeCode = reader.read(4)
  const rateCode = reader.read(4)
  const channels = reader.read(4)
  const bitsCode = reader.read(3)
  reader.skip(1)
  // The number of the frame or of its first sample, coded as UTF-8 is.
  const first = reader.read(8)
  const ones = Math.clz32(~(first << 24))
  if (ones > 1) reader.skip((ones - 1) * 8)
  const size = sizeCode === 6 ? reader.read(8) + 1 : sizeCode === 7 ? reader.read(16) + 1 : (BLOCK_SIZES[sizeCode] ?? 0)
  reader.skip(rateCode === 12 ? 8 : rateCode === 13 || rateCode === 14 ? 16 : 0)
  reader.skip(8)
  const bits = SAMPLE_BITS[bitsCode] ?? 0
  const isStereo = channels === 1 || (channels >= CHANNELS.leftSide && channels <= CHANNELS.middleSide)
  if (size === 0 || bits !== 16 || !isStereo) return null
  const a = decodeSubframe(reader, size, bits + (channels === CHANNELS.sideRight ? 1 : 0))
  const b =
    a === null
      ? null
      : decodeSubframe(
          reader,
          size,
          bits + (channels === CHANNELS.leftSide || channels === CHANNELS.middleSide ? 1 : 0),
        )
  if (a === null || b === null) return null
  reader.align()
  reader.skip(16)
  if (reader.isPast) return null
  decorrelate(a, b, channels)
  return [a, b]
}

/** 9.2.3 */
function decorrelate(a: Float64Array, b: Float64Array, channels: number): void {
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0
    const y = b[i] ?? 0
    if (channels === CHANNELS.leftSide) b[i] = x - y
    else if (channels === CHANNELS.sideRight) a[i] = x + y
    else if (channels === CHANNELS.middleSide) {
      const middle = x * 2 + (Math.abs(y) % 2)
      a[i] = (middle + y) / 2
      b[i] = (middle - y) / 2
    }
  }
}

/** 9.2 */
function decodeSubframe(reader: BitReader, size: number, sampleBits: number): Float64Array | null {
  if (reader.read(1) !== 0) return null
  const type = reader.read(6)
  const wasted = reader.read(1) === 1 ? reader.readUnary(sampleBits) + 1 : 0
  const bits = sampleBits - wasted
  if (bits <= 0) return null
  const out = new Float64Array(size)
  if (type === 0) out.fill(reader.readSigned(bits))
  else if (type === 1) for (let i = 0; i < size; i++) out[i] = reader.readSigned(bits)
  else if (type >= 8 && type <= 12) {
    const order = type - 8
    if (!readWarmUp(reader, out, order, bits) || !readResidual(reader, out, order)) return null
    predict(out, order, FIXED[order] ?? [], 0)
  } else if (type >= 32) {
    const order = type - 31
    if (!readWarmUp(reader, out, order, bits)) return null
    const precision = reader.read(4) + 1
    const shift = reader.readSigned(5)
    if (precision === 16 || shift < 0) return null
    const coefficients = Array.from({ length: order }, () => reader.readSigned(precision))
    if (!readResidual(reader, out, order)) return null
    predict(out, order, coefficients, shift)
  } else return null
  if (wasted > 0) for (let i = 0; i < size; i++) out[i] = (out[i] ?? 0) * 2 ** wasted
  return out
}

function readWarmUp(reader: BitReader, out: Float64Array, order: number, bits: number): boolean {
  if (order > out.length) return false
  for (let i = 0; i < order; i++) out[i] = reader.readSigned(bits)
  return true
}

/** 9.2.7: Rice codes in partitions. */
function readResidual(reader: BitReader, out: Float64Array, order: number): boolean {
  const method = reader.read(2)
  if (method > 1) return false
  const parameterBits = method === 0 ? 4 : 5
  const escape = (1 << parameterBits) - 1
  const partitions = 1 << reader.read(4)
  const length = out.length / partitions
  if (!Number.isInteger(length) || length < order) return false
  for (let partition = 0, at = order; partition < partitions; partition++) {
    const end = (partition + 1) * length
    const parameter = reader.read(parameterBits)
    if (parameter === escape) {
      const bits = reader.read(5)
      for (; at < end; at++) out[at] = reader.readSigned(bits)
    } else {
      for (; at < end; at++) {
        const quotient = reader.readUnary(QUOTIENT_LIMIT)
        const folded = quotient * 2 ** parameter + reader.read(parameter)
        out[at] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2
      }
    }
    if (reader.isPast) return false
  }
  return true
}

/** Adds to each residual what the samples before it foretell; exact, since all of it stays far below 2^53. */
function predict(out: Float64Array, order: number, coefficients: readonly number[], shift: number): void {
  const scale = 2 ** shift
  for (let i = order; i < out.length; i++) {
    let sum = 0
    for (let j = 0; j < order; j++) sum += (coefficients[j] ?? 0) * (out[i - 1 - j] ?? 0)
    out[i] = (out[i] ?? 0) + Math.floor(sum / scale)
  }
}
