import os from 'node:os'
import { because, type EntryOutcome, type JobSummary } from '../../src-shared/model'
import type { ByteSource } from '../image/core/byte-source'
import type { EntryTable } from '../image/core/entry-table'
import { sumMaker } from '../image/sums/sum-maker'
import { findSums, type ExpectedSum } from '../image/sums/sums'
import { makeWholeFile, type AtomicFile, type ReadyFile } from '../sinks/atomic-file'
import { assertPassword } from './archive-password'
import { readFrom, readOrZero, recordedEnd } from './content-writer'
import type { Control } from '../task'
import type { FindSums } from './extract'
import type { WriteAttributes } from './file-writer'
import { LinkCheck, linkProblem } from './link-check'
import { writtenMode } from './modes'
import { PlainWindow } from './plain-window'
import { SYNTHETIC, type Layout, type Plan } from './plan'
import { cutContent, damaged, lostContent, reportOutcomes, standsAsZeros, sumMismatch, type Exceptions } from './report'
import { nameRulesFor } from './safe-names'
import { selectEntries, type SelectionRequest } from './selection'
import { settledPlan } from './settled-plan'
import { PackingThread, ZipWriter, type ZipEntry } from '../zip'

export interface ZipRequest {
  table: EntryTable
  selection: SelectionRequest
  layout: Layout
  /** The archive to make; never replaces a file. */
  target: string
  /** AES-256 (WinZip AE-2) where given; names stay readable, as the format has it. */
  password?: string
  /** How hard it is packed, 0 (not at all) to 9. */
  level?: number
  /** Modes exactly as recorded; else the owner of what is unpacked can change and remove it. */
  attributes?: Partial<WriteAttributes>
  sums?: FindSums
  control: Control
  onOutcome?: (outcome: EntryOutcome) => void
  /** Told when the archive is whole and only its last rename is left to do. */
  onReady?: (file: ReadyFile, summary: JobSummary) => void | Promise<void>
}

const CHUNK_BYTES = 1 << 20
/** What is missing at a file's end is zeros up to this; of more the file in the archive is that much shorter. In bytes. */
const ZEROS_AT_MOST = 64 << 20
/** With fewer entries another thread takes longer to start than it saves. */
const WORTH_A_THREAD = 2000
/** An archive is unpacked anywhere: a link must stay inside by the rules of each system. */
const SYSTEMS = [nameRulesFor('linux'), nameRulesFor('darwin'), nameRulesFor('win32')]
const NO_BYTES = new Uint8Array(0)
const KIND_MODE = { file: 0o100_000, directory: 0o040_000, symlink: 0o120_777 } as const
/** Of what has none on record. */
const USUAL_MODE = { file: 0o644, directory: 0o755 } as const

/**
 * Streams entries into a ZIP file: no temporary copy of anything. Paths are made safe for every system, since an
 * archive travels.
 */
export async function extractZip(request: ZipRequest): Promise<JobSummary> {
  assertPassword(request.password)
  const { table, layout, control } = request
  const selection = selectEntries(table, request.selection)
  // Windows is the strictest and folds case.
  const plan = settledPlan([table, selection, layout, nameRulesFor('win32')], undefined, SYSTEMS)
  const sums = await (request.sums ?? findSums)(table)
  control.begin?.()
  control.progress({ bytesTotal: totalBytes(plan), entriesTotal: plan.length - 1, isCounting: false })
  const thread = isWorthAThread(plan) ? new PackingThread() : undefined
  const fill = async (file: AtomicFile): Promise<JobSummary> => {
    const exceptions: Exceptions = new Map()
    const write = (bytes: Uint8Array, at: number): void => {
      file.write(bytes, at)
    }
    let end = 0
    const zip = new ZipWriter({
      write: (bytes) => {
        write(bytes, end)
        end += bytes.byteLength
      },
      patch: write,
      password: request.password,
      level: request.level,
      thread,
    })
    const run = new ZipRun(zip, plan, control, exceptions, sums, request.attributes?.modes === true)
    for (let node = 1; node < plan.length; node++) await run.add(node)
    await zip.finish()
    control.commit?.()
    const resolution = { skipped: new Set<number>(), overwritten: new Set<number>(), numbered: new Set<number>() }
    return reportOutcomes({ plan, selection, resolution, late: new Set(), exceptions, onOutcome: request.onOutcome })
  }
  try {
    return await makeWholeFile(request.target, (_, file) => fill(file), request.onReady)
  } finally {
    await thread?.end()
  }
}

function isWorthAThread(plan: Plan): boolean {
  return plan.length >= WORTH_A_THREAD && os.availableParallelism() >= 2
}

class ZipRun {
  private bytesDone = 0
  private entriesDone = 0
  private readonly window = new PlainWindow()
  private readonly links: readonly LinkCheck[]

  constructor(
    private readonly zip: ZipWriter,
    private readonly plan: Plan,
    private readonly control: Control,
    private readonly exceptions: Exceptions,
    private readonly sums: ReadonlyMap<number, ExpectedSum>,
    private readonly isExact: boolean,
  ) {
    this.links = SYSTEMS.map((rules) => new LinkCheck(plan, rules))
  }

  async add(node: number): Promise<void> {
    const wait = this.control.checkpoint()
    if (wait) await wait
    const { plan } = this
    const entry = plan.entryOf(node)
    const path = plan.pathOf(node)
    if (plan.isDirectory(node)) await this.zip.folder(this.entryFor(entry, `${path}/`, 'directory'))
    else if (!(await this.addSmall(node, entry, path))) await this.addContent(node, entry, path)
    this.entriesDone++
    this.control.progress({ bytesDone: this.bytesDone, entriesDone: this.entriesDone, current: path })
  }

  /** Adds a small file whose bytes lie in the image as they are. False where it is not one, or they cannot be had. */
  private async addSmall(node: number, entry: number, path: string): Promise<boolean> {
    const { table } = this.plan
    if (table.kindOf(entry) !== 'file' || table.statusOf(entry) !== 'complete') return false
    const byteLength = table.byteLengthOf(entry)
    if (byteLength > CHUNK_BYTES) return false
    const place = byteLength === 0 ? null : table.plainRunOf(entry)
    const bytes = place === null ? NO_BYTES : this.window.read(place)
    if (bytes?.byteLength !== byteLength) return false
    const expected = this.sums.get(entry)
    if (expected && sumMaker(expected.algorithm).update(bytes).digest('hex') !== expected.hex)
      this.exceptions.set(node, sumMismatch(expected))
    const wait = this.zip.whole(this.entryFor(entry, path, 'file'), bytes)
    if (wait) await wait
    this.bytesDone += byteLength
    return true
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
      const message = `A ${kind} has no place in a ZIP file.`
      this.exceptions.set(
        node,
        kind === 'file' ? lostContent(table, entry) : { status: 'skipped', code: 'UNSUPPORTED_KIND', message },
      )
      return
    }
    try {
      const wanted = table.byteLengthOf(entry)
      const end = table.statusOf(entry) === 'partial' ? recordedEnd(content, wanted) : wanted
      // A ZIP file has no holes.
      const byteLength = wanted - end > ZEROS_AT_MOST ? end : wanted
      const chunks = this.chunks(node, content, byteLength)
      const zipEntry = this.entryFor(entry, path, 'file')
      if (byteLength > CHUNK_BYTES) await this.zip.stream(zipEntry, byteLength, chunks)
      else {
        await this.zip.whole(zipEntry, (await chunks.next()).value ?? NO_BYTES)
        // To its end, where a short file's damage is noted.
        await chunks.next()
      }
      if (byteLength < wanted) {
        this.bytesDone += wanted - byteLength
        this.exceptions.set(node, {
          status: 'partial',
          code: 'CONTENT_DAMAGED',
          message: `The rest is not in the image: the file in the archive ends after ${byteLength} of its ${wanted} bytes.`,
          details: because('cutInArchive', { written: byteLength, total: wanted }),
          byteLength,
        })
      }
    } finally {
      await content.close()
    }
  }

  private async addLink(node: number, entry: number, path: string): Promise<void> {
    if (this.plan.table.statusOf(entry) === 'lost') {
      this.exceptions.set(node, lostContent(this.plan.table, entry))
      return
    }
    const target = this.plan.table.targetOf(entry) ?? ''
    const staysInside = this.links.every((check) => check.staysInside(node))
    const rejection = linkProblem(target, staysInside)
    if (rejection) this.exceptions.set(node, { status: 'skipped', ...rejection })
    else await this.zip.whole(this.entryFor(entry, path, 'symlink'), Buffer.from(target, 'utf8'))
  }

  /** The content a mebibyte at a time; what cannot be read is zeros, and is noted at the end. */
  private async *chunks(node: number, content: ByteSource, byteLength: number): AsyncGenerator<Uint8Array, void> {
    const result = { missingByteLength: 0, firstProblem: null, sumMatches: null }
    const expected = this.sums.get(this.plan.entryOf(node))
    const hash = expected ? sumMaker(expected.algorithm) : null
    for (let offset = 0; offset < byteLength;) {
      const wait = this.control.checkpoint()
      if (wait) await wait
      // Its own each time: it is packed while the next is read.
      const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, byteLength - offset))
      await readOrZero((target, at) => readFrom(content, target, at), chunk, offset, result)
      hash?.update(chunk)
      offset += chunk.byteLength
      this.bytesDone += chunk.byteLength
      this.control.progress({ bytesDone: this.bytesDone, entriesDone: this.entriesDone })
      yield chunk
    }
    if (hash && expected && hash.digest('hex') !== expected.hex) this.exceptions.set(node, sumMismatch(expected))
    if (this.plan.table.statusOf(this.plan.entryOf(node)) === 'partial') this.exceptions.set(node, cutContent())
    if (content.damage) this.exceptions.set(node, damaged(content.damage))
    if (result.missingByteLength > 0) this.exceptions.set(node, standsAsZeros(result.missingByteLength))
  }

  private entryFor(entry: number, path: string, kind: keyof typeof KIND_MODE): ZipEntry {
    const { table } = this.plan
    const modified = entry === SYNTHETIC ? NaN : table.modifiedOf(entry)
    const recorded = entry === SYNTHETIC ? -1 : writtenMode(table, entry, { modes: this.isExact, owners: false })
    const mode = kind === 'symlink' ? 0 : recorded < 0 ? USUAL_MODE[kind] : recorded
    return { path, modified, mode: KIND_MODE[kind] | mode }
  }
}

function totalBytes(plan: Plan): number {
  let total = 0
  for (let node = 1; node < plan.length; node++)
    if (!plan.isDirectory(node)) total += plan.table.byteLengthOf(plan.entryOf(node))
  return total
}
