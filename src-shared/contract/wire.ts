/**
 * Messages as one binary frame, for channels that carry bytes only (the web host's socket):
 * `u32 LE length of the JSON · JSON · the byte arrays one after another`. In the JSON a byte array stands as
 * `{"$bytes":[offset, length]}`, counted from the end of the JSON.
 */
const MARK = '$bytes'

export function encodeFrame(message: unknown): Uint8Array {
  const blobs: Uint8Array[] = []
  let blobLength = 0
  const text = JSON.stringify(message, (_key, value: unknown) => {
    if (!(value instanceof Uint8Array)) return value
    const place = [blobLength, value.byteLength]
    blobs.push(value)
    blobLength += value.byteLength
    return { [MARK]: place }
  })
  const json = new TextEncoder().encode(text)
  const frame = new Uint8Array(4 + json.byteLength + blobLength)
  new DataView(frame.buffer).setUint32(0, json.byteLength, true)
  frame.set(json, 4)
  let at = 4 + json.byteLength
  for (const blob of blobs) {
    frame.set(blob, at)
    at += blob.byteLength
  }
  return frame
}

/**
 * What it gives takes no more room than the frame: arrays that name the same bytes again and again are refused.
 * @throws {RangeError | SyntaxError} for a frame that is cut short, names bytes it does not hold, or is not JSON.
 */
export function decodeFrame(frame: Uint8Array): unknown {
  if (frame.byteLength < 4) throw new RangeError('The frame is cut short.')
  const jsonLength = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0, true)
  if (4 + jsonLength > frame.byteLength) throw new RangeError('The frame is cut short.')
  const blobStart = 4 + jsonLength
  const text = new TextDecoder('utf-8', { fatal: true }).decode(frame.subarray(4, blobStart))
  let bytesLeft = frame.byteLength - blobStart
  return JSON.parse(text, (_key, value: unknown) => {
    const place = bytesPlace(value)
    if (!place) return value
    const [offset, length] = place
    if (offset < 0 || length < 0 || blobStart + offset + length > frame.byteLength)
      throw new RangeError('The frame names bytes it does not hold.')
    bytesLeft -= length
    if (bytesLeft < 0) throw new RangeError('The frame names its bytes more than once.')
    return frame.slice(blobStart + offset, blobStart + offset + length)
  })
}

function bytesPlace(value: unknown): [number, number] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const place = (value as Record<string, unknown>)[MARK]
  if (!Array.isArray(place) || place.length !== 2 || Object.keys(value).length !== 1) return null
  const [offset, length] = place as unknown[]
  return Number.isInteger(offset) && Number.isInteger(length) ? [offset as number, length as number] : null
}
