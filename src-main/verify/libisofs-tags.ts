import { sumMaker } from '../image/sums/sum-maker'
import type { ByteSource } from '../image/core/byte-source'
import type { Check } from '../../src-shared/model'
import type { Expectation } from './expectation'
import type { Finding } from './finding'

const BLOCK = 2048
/** A tag follows the volume descriptors within this many blocks of the sixteenth. */
const SEARCHED_BLOCKS = 64
/** A chain of tags has three; sessions are few. */
const TAG_LIMIT = 400

const TAG =
  /^(libisofs_(?:sb_|tree_|rlsb32_)?checksum_tag_v1) pos=(\d+) range_start=(\d+) range_size=(\d+)(?: (next|session_start)=(\d+))? md5=([0-9a-f]{32}) self=([0-9a-f]{32})/
const NAMES: Record<string, string> = {
  libisofs_checksum_tag_v1: 'session',
  libisofs_sb_checksum_tag_v1: 'volume descriptors',
  libisofs_tree_checksum_tag_v1: 'directory tree',
  libisofs_rlsb32_checksum_tag_v1: 'volume descriptors of the newest session',
}

/** A checksum tag (libisofs, “doc/checksums.txt”): what comes before it in its session, summed. Numbers are blocks. */
export interface ChecksumTag {
  /** What the sum covers, for people. */
  covers: string
  /** It covers what files hold, not only what describes them. */
  isOfContent: boolean
  /** Where it stands. */
  position: number
  rangeStart: number
  rangeSize: number
  /** The next tag of the session; null in its last. */
  next: number | null
  /** Where the newest session begins, in the relocated descriptors at the start of a grown image. */
  sessionStart: number | null
  md5: string
  /** Whether the tag itself is as it was written. */
  isIntact: boolean
}

/** Reads the tag at the start of a block; null where there is none. */
export function readTag(block: Uint8Array): ChecksumTag | null {
  const text = Buffer.from(block.buffer, block.byteOffset, Math.min(block.byteLength, 512)).toString('latin1')
  const match = TAG.exec(text)
  if (!match) return null
  const [, magic = '', position, rangeStart, rangeSize, link, linked, md5 = '', self] = match
  const summed = text.slice(0, text.indexOf(' self='))
  return {
    covers: NAMES[magic] ?? magic,
    isOfContent: magic === 'libisofs_checksum_tag_v1',
    position: Number(position),
    rangeStart: Number(rangeStart),
    rangeSize: Number(rangeSize),
    next: link === 'next' ? Number(linked) : null,
    sessionStart: link === 'session_start' ? Number(linked) : null,
    md5,
    isIntact: sumMaker('md5').update(summed, 'latin1').digest('hex') === self,
  }
}

export interface FoundTags {
  tags: ChecksumTag[]
  /** What of the chains cannot be followed. */
  problems: Check[]
}

/**
 * Finds an image's tags: behind the volume descriptors of a session, and from there by what each says of the next one.
 * Blocks of files are never looked at, in which another image's tags may lie.
 */
export async function findTags(blocks: ByteSource): Promise<FoundTags> {
  const tags: ChecksumTag[] = []
  const problems: Check[] = []
  const sessions = [0, 32]
  const seen = new Set<number>()
  for (let i = 0; i < sessions.length && tags.length < TAG_LIMIT; i++) {
    let tag = await firstTag(blocks, sessions[i] ?? 0)
    while (tag && !seen.has(tag.position) && tags.length < TAG_LIMIT) {
      seen.add(tag.position)
      tags.push(tag)
      if (tag.sessionStart !== null && !sessions.includes(tag.sessionStart)) sessions.push(tag.sessionStart)
      if (tag.next === null || tag.next <= tag.position) break
      const next: ChecksumTag | null = await tagAt(blocks, tag.next)
      if (!next)
        problems.push({
          kind: 'libisofs-md5',
          verdict: 'unreadable',
          detail: `The next sum should stand in block ${tag.next}, and does not.`,
          byteOffset: tag.next * BLOCK,
        })
      tag = next
    }
  }
  return { tags, problems }
}

async function firstTag(blocks: ByteSource, session: number): Promise<ChecksumTag | null> {
  const start = (session + 16) * BLOCK
  if (start >= blocks.byteLength) return null
  const bytes = await blocks.read(start, SEARCHED_BLOCKS * BLOCK)
  for (let at = 0; at < bytes.byteLength; at += BLOCK) {
    const tag = readTag(bytes.subarray(at, at + BLOCK))
    if (tag?.position === (start + at) / BLOCK) return tag
  }
  return null
}

async function tagAt(blocks: ByteSource, position: number): Promise<ChecksumTag | null> {
  const tag = readTag(await blocks.read(position * BLOCK, BLOCK))
  return tag?.position === position ? tag : null
}

/** The tags that start at one block, by one running sum. */
export class TagCheck implements Expectation {
  readonly ranges: readonly number[]
  readonly start: number
  readonly end: number
  private readonly hash = sumMaker('md5')
  private readonly tags: ChecksumTag[]
  private readonly findings: Finding[] = []
  private position: number

  /**
   * @param tags all of one `rangeStart`
   * @param form how the bytes are to be seen
   */
  constructor(
    tags: readonly ChecksumTag[],
    readonly form?: Expectation['form'],
  ) {
    this.tags = tags.toSorted((a, b) => a.rangeSize - b.rangeSize)
    this.start = (this.tags[0]?.rangeStart ?? 0) * BLOCK
    this.position = this.start
    this.end = this.start + (this.tags.at(-1)?.rangeSize ?? 0) * BLOCK
    this.ranges = this.end === this.start ? [] : [this.start, this.end - this.start]
  }

  feed(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength;) {
      const tag = this.tags[this.findings.length]
      const until = tag ? (tag.rangeStart + tag.rangeSize) * BLOCK : Infinity
      const piece = bytes.subarray(at, at + Math.max(0, until - this.position))
      this.hash.update(piece)
      this.position += piece.byteLength
      at += piece.byteLength
      if (tag && this.position === until) this.findings.push(this.compare(tag))
    }
  }

  finish(missing: string | null): void {
    for (const tag of this.tags.slice(this.findings.length)) {
      const detail = `The sum of the ${tag.covers} cannot be checked: ${missing ?? 'the image ends before it.'}`
      this.findings.push({ check: { kind: 'libisofs-md5', verdict: 'unreadable', detail }, ranges: [] })
    }
  }

  /** After the pass: one for each tag. */
  results(): readonly Finding[] {
    return this.findings
  }

  private compare(tag: ChecksumTag): Finding {
    const kind = 'libisofs-md5'
    const where = `blocks ${tag.rangeStart} to ${tag.rangeStart + tag.rangeSize - 1}`
    const ranges = [tag.rangeStart * BLOCK, tag.rangeSize * BLOCK]
    if (!tag.isIntact) {
      const detail = `The sum of the ${tag.covers}, in block ${tag.position}, is damaged itself.`
      const byteOffset = tag.position * BLOCK
      return { check: { kind, verdict: 'failed', detail, byteOffset }, ranges: [byteOffset, BLOCK] }
    }
    const isRight = this.hash.copy().digest('hex') === tag.md5
    const detail = `The MD5 sum of the ${tag.covers} (${where}) is ${isRight ? '' : 'not '}right.`
    return { check: { kind, verdict: isRight ? 'passed' : 'failed', detail }, ranges }
  }
}
