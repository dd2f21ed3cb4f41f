import { parentPort } from 'node:worker_threads'
import { unpackHere, type Unpacker } from '../../image/codecs/unpackers'

/** What a thread that unpacks is told. */
export interface UnpackOrder {
  number: number
  unpacker: Unpacker
  packed: Uint8Array
  byteLength: number
}

/** And what it answers: null where the block does not unpack; whoever asked finds out why by trying it. */
export interface UnpackAnswer {
  number: number
  bytes: Uint8Array | null
}

parentPort?.on('message', ({ number, unpacker, packed, byteLength }: UnpackOrder) => {
  let bytes: Uint8Array<ArrayBuffer> | null
  try {
    // Of its own, so that it can be handed over: what a codec gives may be a part of something larger.
    const given = unpackHere(unpacker, packed, byteLength)
    const isOwn = given.byteLength === given.buffer.byteLength && given.buffer instanceof ArrayBuffer
    bytes = isOwn ? (given as Uint8Array<ArrayBuffer>) : Uint8Array.from(given)
  } catch {
    bytes = null
  }
  parentPort?.postMessage({ number, bytes } satisfies UnpackAnswer, bytes === null ? [] : [bytes.buffer])
})
