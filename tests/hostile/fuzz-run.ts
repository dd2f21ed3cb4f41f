import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import {
  NotAnImageError,
  openImage,
  placeIn,
  SourceError,
  type ByteSource,
  type DiscImage,
  type EntryTable,
  type Place,
  type SourceFile,
} from '../../src-main/image'
import { treeProblems } from '../corpus/corpus-check'
import { sectors } from '../images/cd-sectors'
import { buildApfs, type ApfsNode } from '../images/apfs-builder'
import { buildCdi } from '../images/cdi-builder'
import { buildChd, FRAME, framesOf } from '../images/chd-builder'
import { buildFixedVhd, buildQcow2, buildVdi, buildVhd, buildVmdk } from '../images/disk-builder'
import { buildVhdx } from '../images/vhdx-builder'
import { buildDmg, ChunkKind } from '../images/dmg-builder'
import { buildExfat } from '../images/exfat-builder'
import { buildHighSierra } from '../images/high-sierra-builder'
import { buildIso, concat, nm, px, sl, SP, text, use, type BuildNode } from '../images/iso-builder'
import { scratch } from '../images/open-bytes'
import { buildDax, buildEcm, buildGcz, buildIsz } from '../images/packed-disc-builder'
import { buildUdf, type PartitionKind } from '../images/udf-builder'
import { buildXdvdfs } from '../images/xdvdfs-builder'
import { mutate, Random } from './mutator'

/** A source of megabytes must be done with in this many milliseconds, with room for a slow machine. */
const TIME_LIMIT = 10_000
const SEED_SIZE_LIMIT = 2 * 1024 * 1024
/** Of `tests/images`: images of one format each. */
const FORMAT_FOLDERS = ['squashfs', 'wim', 'chd', 'ext', 'ntfs', 'cpio', 'erofs']

export interface FuzzOutcome {
  image: string
  entries: number
  milliseconds: number
  problems: string[]
}

let seeds: { name: string; bytes: Uint8Array }[] | null = null

/** One mutated image of those in `folder`, opened, listed and read; what went wrong, if anything. */
export async function fuzzOnce(
  seed: number,
  folder = path.resolve(import.meta.dirname, '../images'),
): Promise<FuzzOutcome> {
  seeds ??= loadSeeds(folder)
  const random = new Random(seed)
  const { name, bytes } = random.pick(seeds)
  const mutated = mutate(bytes, random)
  const source = new WatchedSource(mutated)
  const started = performance.now()
  const problems: string[] = []
  let entries = 0
  try {
    const image = await openImage(source, { name, ...scratch })
    entries = await exercise(image, mutated.byteLength, problems, random)
    await image.close()
  } catch (error) {
    if (!(error instanceof NotAnImageError) && !(error instanceof SourceError)) {
      problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  }
  problems.push(...source.problems)
  const milliseconds = performance.now() - started
  if (milliseconds > TIME_LIMIT) problems.push(`took ${Math.round(milliseconds)} ms`)
  // A table of four times the image's bytes in entries is more than any honest image gives.
  if (entries > mutated.byteLength / 8) problems.push(`${entries} entries from ${mutated.byteLength} bytes`)
  return { image: name, entries, milliseconds, problems }
}

async function exercise(image: DiscImage, byteLength: number, problems: string[], random: Random): Promise<number> {
  let entries = 0
  for (const { id } of image.info.views) {
    const view = image.view(id)
    const table = await view.readTree()
    entries += table.length
    problems.push(...treeProblems(table).slice(0, 3))
    for (let tries = 0; tries < 20 && table.length > 1; tries++) {
      const index = 1 + random.below(table.length - 1)
      const entry = table.entry(index)
      if (!Number.isSafeInteger(entry.byteLength) || entry.byteLength < 0)
        problems.push(`${entry.path}: impossible length`)
      const content = table.content(index)
      if (content === null) continue
      problems.push(...(await wayProblems(table, index, content)))
      // What cannot be unpacked throws an error of its own kind; anything else is ours.
      const read = await readSome(content)
      if (read > entry.byteLength) problems.push(`${entry.path}: more content than its length`)
      if (entry.status === 'complete' && entry.extents !== null && read < Math.min(entry.byteLength, 65_536)) {
        problems.push(`${entry.path}: complete, but ends early`)
      }
    }
    for (let tries = 0; tries < 3 && table.length > 1; tries++) {
      const path = table.pathOf(1 + random.below(table.length - 1))
      const found = await view.lookup(path)
      if (found === null) problems.push(`${path}: listed, but lookup does not find it`)
    }
  }
  const { completeness } = image.info
  if (completeness.missingByteLength < 0) problems.push('less than nothing is missing')
  await image.blocks.read(0, Math.min(byteLength, 65_536))
  return entries
}

async function readSome(content: ByteSource): Promise<number> {
  try {
    return (await content.read(0, 65_536)).byteLength
  } catch (error) {
    if (error instanceof SourceError) return 0
    throw error
  }
}

/** The ways to a file's bytes agree, and what is called complete is all recorded. */
async function wayProblems(table: EntryTable, index: number, content: ByteSource): Promise<string[]> {
  const problems: string[] = []
  const path = table.pathOf(index)
  const byteLength = table.byteLengthOf(index)
  const extents = table.extentsOf(index)
  if (table.statusOf(index) === 'complete' && extents !== null) {
    const held = extents.reduce((sum, extent) => sum + extent.byteLength, 0)
    if (held < byteLength) problems.push(`${path}: complete, but ${byteLength - held} bytes are in no extent`)
  }
  const length = Math.min(byteLength, 65_536)
  const whole = await readOrNull(content, 0, length)
  const run = table.plainRunOf(index)
  if (whole === null) return problems
  if (run !== null && Buffer.compare(whole, await run.file.read(run.byteOffset, length)) !== 0)
    problems.push(`${path}: the fast way gives other bytes`)
  const middle = length >> 1
  const pieces = [await readOrNull(content, 0, middle), await readOrNull(content, middle, length - middle)]
  const joined = Buffer.concat(pieces.map((piece) => piece ?? new Uint8Array(0)))
  if (whole.byteLength === length && Buffer.compare(whole, joined) !== 0)
    problems.push(`${path}: pieces give other bytes than the whole`)
  return problems
}

async function readOrNull(content: ByteSource, byteOffset: number, byteLength: number): Promise<Uint8Array | null> {
  try {
    return await content.read(byteOffset, byteLength)
  } catch (error) {
    if (error instanceof SourceError) return null
    throw error
  }
}

/** Memory as a source that notes what no reader may ask for. */
class WatchedSource implements ByteSource, SourceFile {
  readonly role = 'image'
  readonly byteLength: number
  readonly problems: string[] = []
  private total = 0

  constructor(private readonly bytes: Uint8Array) {
    this.byteLength = bytes.byteLength
  }

  read(byteOffset: number, byteLength: number): Uint8Array {
    const isPossible =
      Number.isSafeInteger(byteOffset) && Number.isSafeInteger(byteLength) && byteOffset >= 0 && byteLength >= 0
    if (!isPossible) this.note(`read of ${byteLength} at ${byteOffset}`)
    const part = this.bytes.slice(byteOffset, byteOffset + byteLength)
    this.total += part.byteLength
    if (this.total > this.byteLength * 200 + 256 * 1024 * 1024) this.note('the image is read many times over')
    return part
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    return placeIn(this, this.byteLength, byteOffset, byteLength)
  }

  close(): void {
    // Nothing is held.
  }

  private note(problem: string): void {
    if (this.problems.length < 3) this.problems.push(problem)
  }
}

function loadSeeds(folder: string): { name: string; bytes: Uint8Array }[] {
  const found: { name: string; bytes: Uint8Array }[] = builtSeeds()
  for (const each of FORMAT_FOLDERS) found.push(...imagesIn(path.join(folder, each), () => true))
  const discs = imagesIn(folder, (file) => file.endsWith('.zst') || file === 'sample.iso')
  return [...found, ...discs.filter(({ bytes }) => bytes.byteLength <= SEED_SIZE_LIMIT)]
}

function imagesIn(folder: string, isImage: (file: string) => boolean): { name: string; bytes: Uint8Array }[] {
  const found: { name: string; bytes: Uint8Array }[] = []
  for (const file of fs.readdirSync(folder).sort()) {
    if (!isImage(file)) continue
    const raw = fs.readFileSync(path.join(folder, file))
    const bytes = file.endsWith('.zst') ? zlib.zstdDecompressSync(raw) : raw
    found.push({ name: file.replace(/\.zst$/, ''), bytes: new Uint8Array(bytes) })
  }
  return found
}

function builtSeeds(): { name: string; bytes: Uint8Array }[] {
  const kinds: PartitionKind[] = ['physical', 'virtual-1.50', 'virtual-2.00', 'sparable', 'metadata']
  const udf = kinds.map((kind) => ({
    name: `udf-${kind}.img`,
    bytes: buildUdf(
      [
        { name: 'file', data: new Uint8Array(9000).fill(1), allocation: 'continued' },
        { name: 'directory', children: [{ name: 'embedded', data: text('x'), allocation: 'embedded' }] },
        { name: 'link', target: [[5, 'file']] },
        { name: 'rewritten', data: text('new'), rewrites: 2 },
        { name: 'streams', data: text('data'), streams: [{ name: 's', data: text('stream') }] },
      ],
      { kind },
    ).bytes,
  }))
  const nodes: BuildNode[] = [
    { name: 'FILE;1', data: 'content', use: concat(px(0o100644, 2), nm('a long name', 1), nm(' continued')) },
    {
      name: 'LINK;1',
      data: '',
      use: concat(
        px(0o120777),
        sl([
          [4, ''],
          [0, 'x'],
        ]),
      ),
    },
    { name: 'DIR', children: [{ name: 'SUB', children: [{ name: 'X;1', data: 'x' }] }] },
    { name: 'Z;1', data: new Uint8Array(3000), use: use('ZF', text('pz'), [4, 15], new Uint8Array(8)) },
  ]
  const iso = buildIso(nodes, { rootUse: concat(SP, px(0o040755)), joliet: [{ name: 'größe', data: 'x' }] }).bytes
  const raw = new Uint8Array((iso.byteLength / 2048) * 2352)
  for (let sector = 0; sector * 2048 < iso.byteLength; sector++) {
    raw.set([0, ...Array.from({ length: 10 }, () => 255), 0, 0, 2, 0, 1], sector * 2352)
    raw.set(iso.subarray(sector * 2048, sector * 2048 + 2048), sector * 2352 + 16)
  }
  const sierra = buildHighSierra([{ name: 'FILE.TXT;1', data: 'content' }])
  const exfat = buildExfat(
    [
      { name: 'a name that takes more entries than one', data: new Uint8Array(30_000).fill(1), isFragmented: true },
      { name: 'folder', children: [{ name: 'half', data: new Uint8Array(30_000).fill(2), validLength: 5000 }] },
    ],
    'label',
  )
  return [
    ...udf,
    ...builtDisks(iso),
    { name: 'mac.img', bytes: new Uint8Array(buildApfs(macTree())) },
    {
      name: 'xbox.iso',
      bytes: new Uint8Array(buildXdvdfs([{ name: 'a', children: [{ name: 'b', data: text('b') }] }])),
    },
    { name: 'built.iso', bytes: iso },
    { name: 'built.bin', bytes: raw },
    { name: 'sierra.iso', bytes: sierra },
    { name: 'exfat.img', bytes: exfat },
    { name: 'built.dmg', bytes: buildDmg(iso, [ChunkKind.stored, ChunkKind.zlib, ChunkKind.adc, ChunkKind.zeros]) },
  ]
}

/** One of each container that blocks of a disc are packed in. */
function builtDisks(iso: Uint8Array): { name: string; bytes: Uint8Array }[] {
  const disc = sectors(iso)
  const frames = framesOf(disc, 2352)
  const track = `TRACK:1 TYPE:MODE1_RAW SUBTYPE:NONE FRAMES:${disc.byteLength / 2352}`
  const built = [
    { name: 'built.qcow2', bytes: buildQcow2(iso) },
    { name: 'packed.qcow2', bytes: buildQcow2(iso, { packed: 'deflate' }) },
    { name: 'zstd.qcow2', bytes: buildQcow2(iso, { packed: 'zstd' }) },
    {
      name: 'based.qcow2',
      bytes: buildQcow2(iso, { baseName: 'base.raw', isLeftOut: (cluster) => cluster % 2 === 1 }),
    },
    { name: 'built.vhd', bytes: buildVhd(iso) },
    { name: 'fixed.vhd', bytes: buildFixedVhd(iso) },
    { name: 'built.vhdx', bytes: buildVhdx(iso) },
    { name: 'built.vmdk', bytes: buildVmdk(iso) },
    { name: 'stream.vmdk', bytes: buildVmdk(iso, { isStream: true }) },
    { name: 'built.vdi', bytes: buildVdi(iso) },
    { name: 'built.chd', bytes: buildChd(iso, { codecs: ['zlib', 'none', 'zstd'] }) },
    {
      name: 'cd.chd',
      bytes: buildChd(frames, {
        codecs: ['cdzl'],
        hunkLength: FRAME * 8,
        unitLength: FRAME,
        metadata: [['CHTR', track]],
      }),
    },
    { name: 'built.cdi', bytes: buildCdi([[{ mode: 1, sectorLength: 2352, data: disc, start: 0, pregap: 150 }]], 3.5) },
    { name: 'built.isz', bytes: buildIsz(iso, ['zlib', 'stored', 'bzip2'])[0] ?? iso },
    { name: 'built.dax', bytes: buildDax(iso, { first: 2, count: 3 }) },
    { name: 'built.gcz', bytes: buildGcz(iso, 4096) },
    { name: 'built.ecm', bytes: buildEcm(disc, 1) },
    { name: 'mode2.ecm', bytes: buildEcm(sectors(iso, 0, 2), 2) },
  ]
  // A buffer's `fill` and `slice` are others.
  return built.map(({ name, bytes }) => ({ name, bytes: new Uint8Array(bytes) }))
}

function macTree(): ApfsNode[] {
  const many = Array.from({ length: 30 }, (_, index) => ({ name: `f${index}`, data: text(`file ${index}`) }))
  return [
    { name: 'folder', children: many },
    { name: 'link', target: 'folder/f1' },
    { name: 'holes', pieces: [new Uint8Array(4096).fill(1), 8192, text('end')] },
  ]
}
