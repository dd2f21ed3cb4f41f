import path from 'node:path'
import { because } from '../../../src-shared/model'
import { createBLAKE3 } from 'hash-wasm'
import type { ChecksumAlgorithm } from '../../../src-shared/contract'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { openPlainFileHandle } from '../../files/plain-file'
import { sumMaker } from '../../image/sums/sum-maker'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'
import { storedView } from './stored-view'

/** Small, so that the engine answers others between two pieces. */
const PIECE_BYTES = 256 << 10
const PROGRESS_MS = 100

interface Digester {
  algorithm: ChecksumAlgorithm
  update(bytes: Uint8Array): unknown
  hex(): string
}

/** Reads one piece; an empty one is the end. */
type ReadPiece = (byteOffset: number, byteLength: number) => Promise<Uint8Array>

/** Checksums of single files, of this computer or in an image. */
export function checksumHandlers(services: EngineServices): Domain<'checksums'> {
  const { images, emit } = services
  const queries = () => services.queries().peer

  const compute = async (
    { id, algorithms }: { id: string; algorithms: ChecksumAlgorithm[] },
    byteTotal: number,
    read: ReadPiece,
    { signal, client }: { signal: AbortSignal; client: number },
  ) => {
    const digesters = await Promise.all(algorithms.map(digesterOf))
    let told = 0
    let done = 0
    for (;;) {
      signal.throwIfAborted()
      const bytes = await read(done, PIECE_BYTES)
      if (bytes.byteLength === 0) break
      for (const digester of digesters) digester.update(bytes)
      done += bytes.byteLength
      const now = Date.now()
      if (now - told >= PROGRESS_MS) {
        told = now
        emit('checksums.progress', { id, bytesDone: done, bytesTotal: Math.max(done, byteTotal) }, client)
        // Reads of what is in memory already would keep everybody else waiting.
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    return { byteLength: done, sums: digesters.map((one) => ({ algorithm: one.algorithm, hex: one.hex() })) }
  }

  return {
    'checksums.file': async (request, caller) => {
      const file = await openPlainFileHandle(path.resolve(request.path), true)
      try {
        const stat = await file.stat()
        const read: ReadPiece = async (byteOffset, byteLength) => {
          const buffer = Buffer.allocUnsafe(byteLength)
          const { bytesRead } = await file.read(buffer, 0, byteLength, byteOffset)
          return buffer.subarray(0, bytesRead)
        }
        return await compute(request, stat.size, read, caller)
      } finally {
        await file.close()
      }
    },

    'checksums.entry': async (request, caller) => {
      const thread = images.readable(request.image, request.generation)
      const [filePath = ''] = await queries().call('paths', { view: storedView(request), entries: [request.entry] })
      const { byteLength: size, status } = await queries().call('entry', {
        view: storedView(request),
        entry: request.entry,
      })
      if (status !== 'complete')
        throw new IsoldeError(
          'CONTENT_DAMAGED',
          `“${filePath}” is not all in the image, so it has no checksum.`,
          because('notAllThere', { path: filePath }),
        )
      const read: ReadPiece = async (byteOffset, byteLength) => {
        const range = { byteOffset, byteLength }
        return (await thread.peer.call('read', { view: request.view, path: filePath, ...range })).bytes
      }
      const found = await compute(request, size, read, caller)
      if (found.byteLength !== size)
        throw new IsoldeError(
          'CONTENT_DAMAGED',
          `“${filePath}” cannot be read to its end, so it has no checksum.`,
          because('notAllThere', { path: filePath }),
        )
      return found
    },
  }
}

async function digesterOf(algorithm: ChecksumAlgorithm): Promise<Digester> {
  if (algorithm === 'blake3') {
    const blake3 = await createBLAKE3()
    blake3.init()
    return { algorithm, update: (bytes) => blake3.update(bytes), hex: () => blake3.digest('hex') }
  }
  const sum = sumMaker(algorithm)
  return { algorithm, update: (bytes) => sum.update(bytes), hex: () => sum.digest('hex') }
}
