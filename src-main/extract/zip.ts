import { configure, Uint8ArrayReader, ZipWriter, type ZipWriterAddDataOptions } from '@zip.js/zip.js'
import { crc32, deflateRawSync } from 'node:zlib'
import type { EntryOutcome, JobSummary } from '../../src-shared/model'
import type { ByteSource } from '../image/core/byte-source'
import type { EntryTable } from '../image/core/entry-table'
import { sumMaker } from '../image/sums/sum-maker'
import { findSums, type ExpectedSum } from '../image/sums/sums'
import { makeWholeFile, type ReadyFile } from '../sinks/atomic-file'
import type { Sink } from '../sinks/sink'
import { assertPassword } from './archive-password'
import { readFrom, readOrZero, recordedEnd } from './content-writer'
import type { Control } from '../task'
import type { FindSums } from './extract'
import type { WriteAttributes } from './file-writer'
import { LinkCheck, linkProblem } from './link-check'
import { writtenMode } from './modes'
import { makePlan, SYNTHETIC, type Layout, type Plan } from './plan'
import { damaged, reportOutcomes, sumMismatch, type Exceptions } from './report'
import { nameRulesFor } from './safe-names'
import { selectEntries, type SelectionRequest } from './selection'

export interface ZipRequest {
  table: EntryTable
  selection: SelectionRequest
  layout: Layout
  /** The archive to make; never replaces a file. */
  target: string
  /** AES-256 (WinZip AE-2) where given; names stay readable, as the format has it. */
  password?: string
  /** Modes exactly as recorded; else the owner of what is unpacked can change and remove it. */
  attributes?: Partial<WriteAttributes>
  sums?: FindSums
  control: Control
  onOutcome?: (outcome: EntryOutcome) => void
  /** Told when the archive is whole and only its last rename is left to do. */
  onReady?: (file: ReadyFile, summary: JobSummary) => void | Promise<void>
}

const CHUNK_BYTES = 1 << 20
/** APPNOTE.TXT, 4.4.5. */
const METHOD = { stored: 0, deflated: 8 } as const
const AES_256 = 3
/** What is missing at a file's end is zeros up to this; of more the file in the archive is that much shorter. In bytes. */
const ZEROS_AT_MOST = 64 << 20
const SYMLINK_MODE = 0o120_777
/** DOS times, which every ZIP entry carries, begin and end here. */
const EARLIEST = Date.UTC(1980, 0, 2)
const LATEST = Date.UTC(2107, 11, 30)

/**
 * Streams entries into a ZIP file: no temporary copy of anything. Paths are made safe for every system, since an
 * archive travels.
 */
export async function extractZip(request: ZipRequest): Promise<JobSummary> {
  assertPassword(request.password)
  configure({ useWebWorkers: false })
  const { table, layout, control } = request
  const selection = selectEntries(table, request.selection)
  // Windows is the strictest and folds case.
  const plan = makePlan(table, selection, layout, nameRulesFor('win32'))
  const sums = await (request.sums ?? findSums)(table)
  control.begin?.()
  control.progress({ bytesTotal: totalBytes(plan), entriesTotal: plan.length - 1, isCounting: false })
  return makeWholeFile(
    request.target,
    async (_, file) => {
      const exceptions: Exceptions = new Map()
      const zip = new ZipWriter(streamInto(file), {
        keepOrder: true,
        bufferedWrite: false,
        ...(request.password === undefined ? {} : { password: request.password, encryptionStrength: AES_256 }),
      })
      const run = new ZipRun(zip, plan, control, exceptions, sums, request.attributes?.modes === true)
      for (let node = 1; node < plan.length; node++) await run.add(node)
      await zip.close()
      control.commit?.()
      const resolution = { skipped: new Set<number>(), overwritten: new Set<number>(), numbered: new Set<number>() }
      return reportOutcomes({ plan, selection, resolution, late: new Set(), exceptions, onOutcome: request.onOutcome })
    },
    request.onReady,
  )
}

class ZipRun {
  private bytesDone = 0
  private entriesDone = 0
  /** An archive is unpacked anywhere: a link must stay inside by the rules of each system. */
  private readonly links: readonly LinkCheck[]

  constructor(
    private readonly zip: ZipWriter<unknown>,
    private readonly plan: Plan,
    private readonly control: Control,
    private readonly exceptions: Exceptions,
    private readonly sums: ReadonlyMap<number, ExpectedSum>,
    private readonly isExact: boolean,
  ) {
    const systems = [nameRulesFor('linux'), nameRulesFor('darwin'), nameRulesFor('win32')]
    this.links = systems.map((rules) => new LinkCheck(plan, rules))
  }

  async add(node: number): Promise<void> {
    const wait = this.control.checkpoint()
    if (wait) await wait
    const { plan } = this
    const entry = plan.entryOf(node)
    const path = plan.pathOf(node)
    if (plan.isDirectory(node)) await this.zip.add(`${path}/`, undefined, { directory: true, ...this.times(entry) })
    else await this.addContent(node, entry, path)
    this.entriesDone++
    this.control.progress({ bytesDone: this.bytesDone, entriesDone: this.entriesDone, current: path })
  }

  private async addContent(node: number, entry: number, path: string): Promise<void> {
    const { table } = this.plan
    const kind = table.kindOf(entry)
    if (kind === 'symlink') {
      await this.addLink(node, entry, path)
      return
    }
    const content = kind === 'file' && table.statusOf(entry) !== 'lost' ? table.content(entry) : null
    if (!content) {
      const isLost = kind === 'file'
      this.exceptions.set(node, {
        status: isLost ? 'failed' : 'skipped',
        code: isLost ? 'CONTENT_LOST' : 'UNSUPPORTED_KIND',
        message: isLost ? 'None of its content is in the image.' : `A ${kind} has no place in a ZIP file.`,
      })
      return
    }
    const mode = writtenMode(table, entry, this.isExact)
    const attributes = { ...(mode < 0 ? {} : { unixMode: 0o100_000 | mode }), ...this.times(entry) }
    try {
      const wanted = table.byteLengthOf(entry)
      const end = table.statusOf(entry) === 'partial' ? recordedEnd(content, wanted) : wanted
      // A ZIP file has no holes.
      const byteLength = wanted - end > ZEROS_AT_MOST ? end : wanted
      const chunks = this.chunks(node, content, byteLength)
      // Nothing at all cannot be handed over packed: the library writes a wrong header for it when it encrypts.
      const isSmall = byteLength > 0 && byteLength <= CHUNK_BYTES
      if (isSmall) await this.addAtOnce(path, (await chunks.next()).value ?? new Uint8Array(0), attributes)
      else await this.zip.add(path, streamOf(chunks), attributes)
      // To its end, where a short file's damage is noted.
      await chunks.next()
      if (byteLength < wanted) {
        this.bytesDone += wanted - byteLength
        this.exceptions.set(node, {
          status: 'partial',
          code: 'CONTENT_DAMAGED',
          message: `The image ends before it does: the file in the archive ends after ${byteLength} of its ${wanted} bytes.`,
          byteLength,
        })
      }
    } finally {
      await content.close()
    }
  }

  private async addLink(node: number, entry: number, path: string): Promise<void> {
    const target = this.plan.table.targetOf(entry) ?? ''
    const staysInside = this.links.every((check) => check.staysInside(node))
    const refusal = linkProblem(target, staysInside)
    if (refusal) this.exceptions.set(node, { status: 'skipped', ...refusal })
    else await this.zip.add(path, new Blob([target]).stream(), { unixMode: SYMLINK_MODE, ...this.times(entry) })
  }

  /** Packs a small file in one go: a stream of its own would take several times as long as its bytes do. */
  private async addAtOnce(path: string, bytes: Uint8Array, attributes: ZipWriterAddDataOptions): Promise<void> {
    const packed = deflateRawSync(bytes)
    const isSmaller = packed.byteLength < bytes.byteLength
    await this.zip.add(path, new Uint8ArrayReader(isSmaller ? packed : bytes), {
      ...attributes,
      // Packed already; encrypted on the way, where there is a password.
      passThrough: 'compressed',
      compressionMethod: isSmaller ? METHOD.deflated : METHOD.stored,
      uncompressedSize: bytes.byteLength,
      crc32: crc32(bytes),
    })
  }

  /** The content a mebibyte at a time; what cannot be read is zeros, and is noted at the end. */
  private async *chunks(node: number, content: ByteSource, byteLength: number): AsyncGenerator<Uint8Array, void> {
    const result = { missingByteLength: 0, firstProblem: null, sumMatches: null }
    const expected = this.sums.get(this.plan.entryOf(node))
    const hash = expected ? sumMaker(expected.algorithm) : null
    for (let offset = 0; offset < byteLength;) {
      const wait = this.control.checkpoint()
      if (wait) await wait
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, byteLength - offset))
      await readOrZero((target, at) => readFrom(content, target, at), chunk, offset, result)
      hash?.update(chunk)
      offset += chunk.byteLength
      this.bytesDone += chunk.byteLength
      this.control.progress({ bytesDone: this.bytesDone, entriesDone: this.entriesDone })
      yield chunk
    }
    if (hash && expected && hash.digest('hex') !== expected.hex) this.exceptions.set(node, sumMismatch(expected))
    if (content.damage) this.exceptions.set(node, damaged(content.damage))
    if (result.missingByteLength > 0)
      this.exceptions.set(node, {
        status: 'partial',
        code: 'CONTENT_DAMAGED',
        message: `${result.missingByteLength} bytes of it cannot be read and stand as zeros.`,
      })
  }

  private times(entry: number): { lastModDate?: Date } {
    const modified = entry === SYNTHETIC ? NaN : this.plan.table.modifiedOf(entry)
    if (Number.isNaN(modified)) return {}
    return { lastModDate: new Date(Math.min(LATEST, Math.max(EARLIEST, modified))) }
  }
}

function streamOf(chunks: AsyncGenerator<Uint8Array, void>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

function streamInto(sink: Sink): WritableStream<Uint8Array> {
  let at = 0
  return new WritableStream({
    async write(chunk) {
      await sink.write(chunk, at)
      at += chunk.byteLength
    },
  })
}

function totalBytes(plan: Plan): number {
  let total = 0
  for (let node = 1; node < plan.length; node++)
    if (!plan.isDirectory(node)) total += plan.table.byteLengthOf(plan.entryOf(node))
  return total
}
