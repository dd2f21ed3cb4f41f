import type { ByteSource } from '../image/core/byte-source'
import type { Check } from '../../src-shared/model'
import { readImplantedMd5, withoutImplantedMd5 } from './implanted-md5'
import { findTags, TagCheck, type ChecksumTag } from './libisofs-tags'

const SECTOR = 2048
/** A tree of a million files; a larger one is left to `verify`. */
const RANGE_LIMIT = 256 << 20

/**
 * The sums that libisofs leaves of its descriptors and directories: cheap to check before anything is extracted, and they
 * tell of every changed bit in a name.
 * @returns the checks that fail; empty where all fit, or there are none
 */
export async function failingTreeSums(blocks: ByteSource): Promise<Check[]> {
  const { tags, problems } = await findTags(blocks)
  const wanted = tags.filter(({ isOfContent, rangeSize }) => !isOfContent && rangeSize * SECTOR <= RANGE_LIMIT)
  const isImplanted = wanted.length > 0 && readImplantedMd5(await blocks.read(16 * SECTOR, SECTOR)) !== null
  const failed = [...problems]
  for (const start of new Set(wanted.map(({ rangeStart }) => rangeStart)))
    failed.push(
      ...(await failing(
        blocks,
        wanted.filter(({ rangeStart }) => rangeStart === start),
        isImplanted,
      )),
    )
  return failed
}

async function failing(blocks: ByteSource, tags: readonly ChecksumTag[], isImplanted: boolean): Promise<Check[]> {
  const check = new TagCheck(tags)
  for (let at = check.start; at < check.end;) {
    const bytes = await blocks.read(at, Math.min(1 << 20, check.end - at))
    if (bytes.byteLength === 0) break
    check.feed(isImplanted ? withoutImplantedMd5(bytes, at) : bytes)
    at += bytes.byteLength
  }
  check.finish(null)
  return check.results().flatMap(({ check: told }) => (told.verdict === 'passed' ? [] : [told]))
}
