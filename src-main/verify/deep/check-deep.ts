import type { EntryTable } from '../../image/core/entry-table'
import type { Finding } from '../finding'
import type { ReadTally } from '../read-tally'
import { HEAD_LENGTH, UNCHECKED } from './deep-kind'
import { DEEP_KINDS } from './registry'

/** Files that are named one by one. */
const NAMED_LIMIT = 1000

/**
 * Looks into files that carry sums of their own content. A finding for each that does not fit them, up to a thousand, and
 * one for those that do; none where there are none.
 * @throws whatever `tally.checkpoint` throws
 */
export async function checkDeep(table: EntryTable, tally: ReadTally): Promise<Finding[]> {
  const files: number[] = []
  for (let entry = 1; entry < table.length; entry++)
    if (table.kindOf(entry) === 'file' && table.byteLengthOf(entry) > HEAD_LENGTH) files.push(entry)
  files.sort((a, b) => (table.discPositionOf(a) < table.discPositionOf(b) ? -1 : 1))
  const findings: Finding[] = []
  let passed = 0
  let unchecked = 0
  const checkpoint = async (): Promise<void> => {
    const wait = tally.checkpoint()
    if (wait) await wait
  }
  for (const entry of files) {
    await checkpoint()
    const problem = await checkOne(table, entry, checkpoint)
    if (problem === undefined) continue
    if (problem === UNCHECKED) {
      unchecked++
      continue
    }
    const path = table.pathOf(entry)
    if (problem === null) passed++
    else if (findings.length < NAMED_LIMIT) {
      const ranges = rangesOf(table, entry)
      const detail = `“${path}” is damaged: ${problem}`
      findings.push({ check: { kind: 'deep', verdict: 'failed', detail, path }, ranges })
    }
  }
  if (passed > 0) {
    const others =
      unchecked === 0
        ? ''
        : ` Of ${unchecked} more not all can be looked into: they are encrypted, or packed in another way.`
    const detail = `${passed === 1 ? '1 file gives' : `${passed} files give`} the CRCs in them (ZIP, gzip, PNG).${others}`
    // CRCs of parts are no proof of the bytes between the parts.
    findings.push({ check: { kind: 'deep', verdict: 'passed', detail }, ranges: [] })
  }
  return findings
}

/** Undefined where it is of no kind that is known. */
async function checkOne(
  table: EntryTable,
  entry: number,
  checkpoint: () => Promise<void>,
): Promise<string | null | undefined | typeof UNCHECKED> {
  const content = table.content(entry)
  if (content === null) return undefined
  try {
    const head = await content.read(0, HEAD_LENGTH)
    return await DEEP_KINDS.find((kind) => kind.probe(head))?.check(content, checkpoint)
  } catch (error) {
    // What cannot be read at all, the other checks tell.
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return `it cannot be read: ${(error as Error).message}`
  } finally {
    await content.close()
  }
}

function rangesOf(table: EntryTable, entry: number): number[] {
  const runs = table.storedRunsOf(entry)
  const ranges: number[] = []
  for (let index = 0; index + 1 < runs.length; index += 2)
    if ((runs[index] ?? -1) >= 0) ranges.push(runs[index] ?? 0, runs[index + 1] ?? 0)
  return ranges
}
