import { crc32 } from 'node:zlib'
import { AES_OVERHEAD, AesEncryption } from './aes'
import { packBatch, type Batch, type PackedBatch } from './batch'
import { deflatePieces, deflateWhole } from './deflate'
import type { PackingThread } from './packing-thread'
import {
  centralHeader,
  dataDescriptor,
  endRecords,
  localHeader,
  METHOD,
  type ZipContent,
  type ZipEntry,
} from './records'

export interface ZipOptions {
  /** Takes the bytes of the file, from front to back; what it was given is not written to again. */
  write: (bytes: Uint8Array) => void | Promise<void>
  /** Overwrites bytes that were given before. Without it, what is not known in time stands behind an entry's bytes. */
  patch?: (bytes: Uint8Array, byteOffset: number) => void | Promise<void>
  /** Every file and link is encrypted (AES-256, WinZip's AE-2). Names stay readable. */
  password?: string | undefined
  /** 0 (nothing is packed) to 9. */
  level?: number | undefined
  /** Packs small entries beside this thread; whoever has made it ends it. */
  thread?: PackingThread | undefined
}

/** An entry that only has to be written. */
interface Ready {
  entry: ZipEntry
  content: ZipContent
  parts: readonly Uint8Array[]
}

const DEFAULT_LEVEL = 6
/** Small pieces are gathered before they are handed on. In bytes. */
const GATHERED_BYTES = 256 << 10
/** Entries that wait for their key at a time, or batches for being packed. */
const QUEUE_LENGTH = { encrypted: 64, packed: 4 } as const
/** Packed bytes can be a little more than they were; lengths near 4 GiB get eight bytes in time. */
const LONG_FROM = 0xf000_0000
/** Small entries that are packed together: as many bytes, and as many entries, at most. */
const BATCH_BYTES = 256 << 10
const BATCH_LENGTH = 256
const PLAIN = { isEncrypted: false, hasDescriptor: false, isLong: false } as const
const PAGE_LENGTH = 1024
const EMPTY = Buffer.alloc(0)

/** Writes a ZIP file from front to back. One call at a time; call `finish` at the end. */
export class ZipWriter {
  private byteOffset = 0
  private entryCount = 0
  /** The central directory so far: pages, and the entries that are to become the next one. */
  private readonly central: Uint8Array[] = []
  private readonly newest: Uint8Array[] = []
  private gathered: Uint8Array[] = []
  private gatheredBytes = 0
  /** What is being packed or encrypted, in order. */
  private readonly queue: Promise<readonly Ready[]>[] = []
  private batch: EntryBatch | null = null
  private readonly level: number

  constructor(private readonly options: ZipOptions) {
    this.level = options.level ?? DEFAULT_LEVEL
  }

  /** Adds a folder. Its path ends with `/`. */
  folder(entry: ZipEntry): void | Promise<void> {
    if (this.options.thread) return this.addToBatch(entry, EMPTY)
    const ready = { entry, content: contentOf(EMPTY, EMPTY, METHOD.stored), parts: [] }
    if (this.queue.length === 0) return this.append(ready)
    return this.enqueue(Promise.resolve([ready]), QUEUE_LENGTH.encrypted)
  }

  /** Adds an entry whose bytes are at hand. Where they lie may be used again once this has answered. */
  whole(entry: ZipEntry, bytes: Uint8Array): void | Promise<void> {
    const { password, thread } = this.options
    if (thread && password === undefined) return this.addToBatch(entry, bytes)
    const packed = bytes.byteLength > 0 && this.level > 0 ? deflateWhole(bytes, this.level) : bytes
    const isPacked = packed.byteLength < bytes.byteLength
    // It stays in the queue while its reader may have other use for where it lies.
    const stands = isPacked ? packed : Buffer.from(bytes)
    const content = contentOf(bytes, stands, isPacked ? METHOD.deflated : METHOD.stored)
    if (password === undefined) return this.append({ entry, content, parts: [stands] })
    return this.enqueue(encryptWhole(password, entry, content, stands), QUEUE_LENGTH.encrypted)
  }

  /**
   * Adds an entry whose bytes come in pieces.
   * @param byteLength of all of them, as far as that is known
   * @param chunks must not be written to again once they were given
   */
  async stream(entry: ZipEntry, byteLength: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    await this.settle()
    const { password, patch } = this.options
    const content: ZipContent = {
      // A reader without the directory can tell where packed bytes end, but not stored ones.
      method: this.level > 0 || !patch ? METHOD.deflated : METHOD.stored,
      isEncrypted: password !== undefined,
      hasDescriptor: patch === undefined,
      isLong: byteLength >= LONG_FROM,
      crc: 0,
      packedByteLength: 0,
      byteLength: 0,
    }
    const aes = password === undefined ? null : await AesEncryption.create(password)
    const start = this.byteOffset
    await this.put(localHeader(entry, content))
    const dataStart = this.byteOffset
    if (aes) await this.put(aes.header)
    const counted = count(chunks, content)
    const pieces = content.method === METHOD.deflated ? deflatePieces(counted, this.level) : counted
    for await (const piece of pieces) await this.put(aes ? aes.update(piece) : piece)
    if (aes) await this.put(aes.finish())
    content.packedByteLength = this.byteOffset - dataStart
    if (patch) {
      await this.flush()
      await patch(localHeader(entry, content), start)
    } else await this.put(dataDescriptor(content))
    this.note(entry, content, start)
  }

  /** Writes the directory. Answers how long the file is, in bytes. */
  async finish(): Promise<number> {
    await this.settle()
    const start = this.byteOffset
    for (const page of [...this.central, ...this.newest]) await this.put(page)
    await this.put(endRecords(this.entryCount, start, this.byteOffset - start))
    await this.flush()
    return this.byteOffset
  }

  private async addToBatch(entry: ZipEntry, bytes: Uint8Array): Promise<void> {
    if (this.batch && !this.batch.hasRoomFor(bytes)) await this.packBatch()
    this.batch ??= new EntryBatch(bytes.byteLength)
    this.batch.add(entry, bytes)
  }

  private async packBatch(): Promise<void> {
    const { batch } = this
    this.batch = null
    if (!batch) return
    const { thread } = this.options
    const asked = batch.toPack(this.level)
    // Where the thread has enough to do, this one does its share.
    const packed = thread?.isFree === true ? thread.pack(asked) : Promise.resolve(packBatch(asked))
    await this.enqueue(
      packed.then((answer) => batch.ready(answer)),
      QUEUE_LENGTH.packed,
    )
  }

  private enqueue(ready: Promise<readonly Ready[]>, limit: number): void | Promise<void> {
    // Awaited in its turn; until then a failure must not count as unhandled.
    ready.catch(() => undefined)
    this.queue.push(ready)
    if (this.queue.length >= limit) return this.takeFirst()
  }

  private async settle(): Promise<void> {
    await this.packBatch()
    while (this.queue.length > 0) await this.takeFirst()
  }

  private async takeFirst(): Promise<void> {
    for (const ready of (await this.queue.shift()) ?? []) {
      const wait = this.append(ready)
      if (wait) await wait
    }
  }

  private append({ entry, content, parts }: Ready): void | Promise<void> {
    const start = this.byteOffset
    this.gather(localHeader(entry, content))
    for (const part of parts) this.gather(part)
    this.note(entry, content, start)
    if (this.gatheredBytes >= GATHERED_BYTES) return this.flush()
  }

  private note(entry: ZipEntry, content: ZipContent, start: number): void {
    this.newest.push(centralHeader(entry, content, start))
    this.entryCount++
    // A million small buffers would take several times as much memory as their bytes.
    if (this.newest.length >= PAGE_LENGTH) this.central.push(Buffer.concat(this.newest.splice(0)))
  }

  private gather(bytes: Uint8Array): void {
    this.gathered.push(bytes)
    this.gatheredBytes += bytes.byteLength
    this.byteOffset += bytes.byteLength
  }

  private put(bytes: Uint8Array): void | Promise<void> {
    this.gather(bytes)
    if (this.gatheredBytes >= GATHERED_BYTES) return this.flush()
  }

  private async flush(): Promise<void> {
    const { gathered } = this
    this.gathered = []
    this.gatheredBytes = 0
    const [only] = gathered
    if (only) await this.options.write(gathered.length === 1 ? only : Buffer.concat(gathered))
  }
}

/** Small entries that are packed together. */
class EntryBatch {
  private readonly bytes: Buffer
  private readonly entries: ZipEntry[] = []
  private readonly byteLengths: number[] = []
  private filled = 0

  /** @param first the length of its first entry, for which there is room in any case */
  constructor(first: number) {
    this.bytes = Buffer.allocUnsafeSlow(Math.max(BATCH_BYTES, first))
  }

  hasRoomFor(bytes: Uint8Array): boolean {
    return this.entries.length < BATCH_LENGTH && this.filled + bytes.byteLength <= this.bytes.byteLength
  }

  add(entry: ZipEntry, bytes: Uint8Array): void {
    this.bytes.set(bytes, this.filled)
    this.filled += bytes.byteLength
    this.entries.push(entry)
    this.byteLengths.push(bytes.byteLength)
  }

  toPack(level: number): Batch {
    return { bytes: this.bytes.subarray(0, this.filled), byteLengths: this.byteLengths, level }
  }

  ready({ bytes, byteLengths, isPacked, crcs }: PackedBatch): Ready[] {
    let at = 0
    return this.entries.map((entry, index) => {
      const packedByteLength = byteLengths[index] ?? 0
      const part = bytes.subarray(at, at + packedByteLength)
      at += packedByteLength
      const content: ZipContent = {
        ...PLAIN,
        method: isPacked[index] === true ? METHOD.deflated : METHOD.stored,
        crc: crcs[index] ?? 0,
        packedByteLength,
        byteLength: this.byteLengths[index] ?? 0,
      }
      return { entry, content, parts: [part] }
    })
  }
}

function contentOf(bytes: Uint8Array, stands: Uint8Array, method: ZipContent['method']): ZipContent {
  return {
    ...PLAIN,
    method,
    crc: crc32(bytes),
    packedByteLength: stands.byteLength,
    byteLength: bytes.byteLength,
  }
}

async function encryptWhole(
  password: string,
  entry: ZipEntry,
  content: ZipContent,
  bytes: Uint8Array,
): Promise<readonly Ready[]> {
  const aes = await AesEncryption.create(password)
  const encrypted = aes.update(bytes)
  const packedByteLength = bytes.byteLength + AES_OVERHEAD
  return [
    {
      entry,
      content: { ...content, isEncrypted: true, packedByteLength },
      parts: [aes.header, encrypted, aes.finish()],
    },
  ]
}

/** Hands the pieces on, and notes their length and sum. */
async function* count(chunks: AsyncIterable<Uint8Array>, content: ZipContent): AsyncGenerator<Uint8Array> {
  for await (const piece of chunks) {
    content.crc = crc32(piece, content.crc)
    content.byteLength += piece.byteLength
    yield piece
  }
}
