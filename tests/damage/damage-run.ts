import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { isAllZero } from '../../src-main/image/core/byte-reader'
import { NotAnImageError, SourceError, type DiscImage, type EntryTable } from '../../src-main/image'
import { findSums } from '../../src-main/image/sums/sums'
import { failingTreeSums } from '../../src-main/verify/tree-sums'
import { twinDamage } from '../../src-main/verify/twin-trees'
import { verifyImage } from '../../src-main/verify/verify'
import { Random } from '../hostile/mutator'
import { isLoneName, otherNames } from './lone-names'
import { openBytes, scratch } from '../images/open-bytes'

const SECTOR = 2048
const SIZE_LIMIT = 26 * 1024 * 1024
/** Folders of images whose structures have no twins, and no sums that are looked at: nobody can tell what changed there. */
const WITHOUT_TWINS = /^(?:cpio|ext|ntfs)\b/

/** Nobody waits for it, and nobody cancels. */
const BESIDE = { checkpoint: () => undefined, progress: () => undefined }

/** What an image should give, by path. */
type Truth = Map<string, string>

interface Sample {
  name: string
  bytes: Uint8Array
  truth: Truth
  /** Sectors that hold content of files, and such as hold anything else. */
  fileSectors: number[]
  structureSectors: number[]
}

export interface DamageOutcome {
  image: string
  what: string
  /** Other or fewer files than the whole image gives. */
  differs: boolean
  /** Why extraction would end with 1, and whether verify fails. */
  isTold: boolean
  failsVerify: boolean
  /** Nothing but bytes of files that no sum covers: nobody can tell. */
  isBeyondProof: boolean
  /** Nobody told, nor can anybody: it is a letter of a name that no other tree has. */
  isLoneName: boolean
  problem: string | null
}

let samples: Promise<Sample[]> | null = null

/** Damages one image in one place, as the seed says, and looks whether what is lost by it is told. */
export async function damageOnce(seed: number, folders: readonly string[]): Promise<DamageOutcome> {
  samples ??= loadSamples(folders)
  const random = new Random(seed)
  const sample = random.pick(await samples)
  const { bytes, what } = damage(sample, random)
  const outcome: DamageOutcome = {
    image: sample.name,
    what,
    differs: false,
    isTold: false,
    failsVerify: false,
    isBeyondProof: false,
    isLoneName: false,
    problem: null,
  }
  let image: DiscImage
  try {
    image = await openBytes(bytes, { name: sample.name, ...scratch })
  } catch (error) {
    if (!(error instanceof NotAnImageError) && !(error instanceof SourceError)) throw error
    // Refused with a sentence: nobody takes that for whole.
    return { ...outcome, differs: true, isTold: true, failsVerify: true }
  }
  const view = image.view(image.info.defaultViewId)
  const table = await view.readTree()
  const found = await contentsOf(table)
  const changes = differences(sample.truth, found.truth)
  outcome.differs = changes.length > 0
  const sums = [...(await failingTreeSums(image.blocks)), ...(await twinDamage(image, view.info.id, table))]
  outcome.isTold = found.problems > 0 || sums.length > 0 || table.damage.length > 0 || image.damage.length > 0
  const report = await verifyImage(image, view.info.id, BESIDE)
  outcome.failsVerify = report.verdict === 'failed'
  outcome.isBeyondProof = changes.length > 0 && changes.every(({ isContent }) => isContent)
  const isSilent = outcome.differs && !outcome.isBeyondProof && !(outcome.isTold && outcome.failsVerify)
  if (isSilent) outcome.isLoneName = isLoneName(sample.truth, found.truth, await otherNames(image, view.info.id))
  if (isSilent && !outcome.isLoneName)
    outcome.problem = `${what}: ${changes.length} differences, ${outcome.isTold ? '' : 'not told by extract '}${outcome.failsVerify ? '' : 'not failed by verify '}(${changes
      .slice(0, 2)
      .map((change) => change.text)
      .join('; ')})`
  await image.close()
  return outcome
}

function damage({ bytes, fileSectors, structureSectors }: Sample, random: Random): { bytes: Uint8Array; what: string } {
  const out = Uint8Array.from(bytes)
  const place = (): number =>
    random.below(10) < 8 || fileSectors.length === 0 ? random.pick(structureSectors) : random.pick(fileSectors)
  const sector = place()
  switch (random.below(8)) {
    case 0: {
      const at = random.below(bytes.byteLength)
      return { bytes: out.subarray(0, at), what: `cut at ${at}` }
    }
    case 1:
    case 2:
      out.fill(0, sector * SECTOR, (sector + 1) * SECTOR)
      return { bytes: out, what: `sector ${sector} zeroed` }
    case 3: {
      const other = place()
      out.set(bytes.subarray(sector * SECTOR, (sector + 1) * SECTOR), other * SECTOR)
      out.set(bytes.subarray(other * SECTOR, (other + 1) * SECTOR), sector * SECTOR)
      return { bytes: out, what: `sectors ${sector} and ${other} swapped` }
    }
    default: {
      // Where something is: a bit in the padding costs nobody anything.
      let at = sector * SECTOR + random.below(SECTOR)
      for (let tries = 0; tries < 64 && bytes[at] === 0; tries++) at = sector * SECTOR + random.below(SECTOR)
      const bit = random.below(8)
      out[at] = (out[at] ?? 0) ^ (1 << bit)
      return { bytes: out, what: `bit ${bit} of byte ${at} (sector ${sector}) flipped` }
    }
  }
}

interface Contents {
  truth: Truth
  problems: number
}

/** What extraction would write, and how many problems it would tell. */
async function contentsOf(table: EntryTable): Promise<Contents> {
  const truth: Truth = new Map()
  let problems = 0
  const sums = await findSums(table)
  for (let index = 1; index < table.length; index++) {
    const kind = table.kindOf(index)
    let text: string = kind
    if (kind === 'symlink') text += ` ${table.targetOf(index) ?? ''}`
    if (kind === 'file') {
      if (table.statusOf(index) !== 'complete') problems++
      const content = table.content(index)
      const length = table.byteLengthOf(index)
      let bytes: Uint8Array = new Uint8Array(0)
      try {
        if (length <= SIZE_LIMIT * 2) bytes = (await content?.read(0, length)) ?? bytes
        else problems++
      } catch (error) {
        if (!(error instanceof SourceError)) throw error
        problems++
      }
      if (bytes.byteLength < length) problems++
      const sum = sums.get(index)
      if (sum && createHash(sum.algorithm).update(bytes).digest('hex') !== sum.hex) problems++
      text += ` ${length} ${createHash('sha256').update(bytes).digest('hex')}`
    }
    truth.set(table.pathOf(index), text)
  }
  return { truth, problems }
}

function differences(wanted: Truth, found: Truth): { text: string; isContent: boolean }[] {
  const changes: { text: string; isContent: boolean }[] = []
  for (const [name, text] of wanted) {
    const other = found.get(name)
    if (other === text) continue
    const [kind, length] = text.split(' ')
    const [otherKind, otherLength] = (other ?? '').split(' ')
    changes.push({
      text: other === undefined ? `${name} is gone` : `${name} is other`,
      isContent: kind === 'file' && otherKind === 'file' && length === otherLength,
    })
  }
  for (const name of found.keys()) if (!wanted.has(name)) changes.push({ text: `${name} is new`, isContent: false })
  return changes
}

async function loadSamples(folders: readonly string[]): Promise<Sample[]> {
  const list: Sample[] = []
  for (const folder of folders)
    for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      if (!/\.(?:iso|img|udf)(?:\.zst)?$/.test(name) || WITHOUT_TWINS.test(name)) continue
      const packed = fs.readFileSync(path.join(folder, name))
      const bytes = name.endsWith('.zst') ? zlib.zstdDecompressSync(packed) : packed
      if (bytes.byteLength > SIZE_LIMIT) continue
      const sample = await sampleOf(path.basename(name).replace(/\.zst$/, ''), bytes)
      if (sample !== null) list.push(sample)
    }
  return list
}

/** Null where the image is damaged from the beginning, or holds nothing. */
async function sampleOf(name: string, bytes: Uint8Array): Promise<Sample | null> {
  let image: DiscImage
  try {
    image = await openBytes(bytes, { name, ...scratch })
  } catch {
    return null
  }
  const table = await image.view(image.info.defaultViewId).readTree()
  const { truth, problems } = await contentsOf(table)
  const isDamaged = problems > 0 || table.damage.length > 0 || image.damage.length > 0
  if (isDamaged || truth.size === 0 || image.info.containers[0] !== 'plain') return null
  const report = await verifyImage(image, image.info.defaultViewId, BESIDE)
  if (report.verdict === 'failed') return null
  const isFile = new Set<number>()
  for (let index = 1; index < table.length; index++)
    if (table.kindOf(index) === 'file')
      for (const { byteOffset, byteLength } of table.extentsOf(index) ?? [])
        if (byteOffset !== null)
          for (let at = byteOffset; at < byteOffset + byteLength; at += SECTOR) isFile.add(Math.floor(at / SECTOR))
  const fileSectors: number[] = []
  const structureSectors: number[] = []
  for (let sector = 16; (sector + 1) * SECTOR <= bytes.byteLength; sector++) {
    if (isAllZero(bytes.subarray(sector * SECTOR, (sector + 1) * SECTOR))) continue
    ;(isFile.has(sector) ? fileSectors : structureSectors).push(sector)
  }
  return { name, bytes, truth, fileSectors, structureSectors }
}
