import fs from 'node:fs'
import path from 'node:path'
import { FileByteSource } from '../files/file-byte-source'
import { freeName, nameRulesFor, safeName } from '../extract/safe-names'
import { openImage, type ByteSource } from '../image'
import { makeWholeFile } from '../sinks/atomic-file'
import { pour } from '../sinks/pour'
import type { Control } from '../task'
import { verifyImage } from '../verify/verify'
import type { Find } from './find'
import { FindError } from './find-error'
import { isOrdinary } from './known-files'
import type { Search } from './search'

/** A find that was saved, and what its copy was found to be. */
export interface SavedFind {
  number: number
  path: string
  byteLength: number
  verdict: 'passed' | 'failed' | 'nothing-to-check'
  /** What is wrong with it, or was found out of it: a sentence; null for nothing. */
  problem: string | null
}

/** What is saved: its bytes, in one piece. */
export type FoundBytes = Pick<Find, 'number' | 'name' | 'byteLength'> & { content: ByteSource }

/**
 * As {@link saveFound}, by the numbers that a search has told.
 * @throws {FindError} `NO_SUCH_PATH` besides, for a number that was not told
 */
export async function saveFinds(
  search: Search,
  numbers: readonly number[],
  folder: string,
  control: Control,
  saved: (one: SavedFind) => void,
): Promise<void> {
  const finds = numbers.map((number) => findOf(search, number))
  await saveFound(finds, folder, control, saved)
}

/**
 * Copies finds into a folder, each whole or not at all, under a name that is free, and checks the copies.
 * @throws {FindError}, {@link SinkError}, {@link SourceError}, {@link CancelledError}
 */
export async function saveFound(
  finds: readonly FoundBytes[],
  folder: string,
  control: Control,
  saved: (one: SavedFind) => void,
): Promise<void> {
  control.progress({
    bytesTotal: finds.reduce((sum, { byteLength }) => sum + byteLength, 0),
    bytesDone: 0,
    phase: 'writing',
  })
  let before = 0
  for (const find of finds) {
    const done = before
    saved(
      await saveOne(find, folder, {
        checkpoint: () => control.checkpoint(),
        progress: ({ bytesDone = 0 }) => {
          control.progress({ bytesDone: done + bytesDone, current: find.name })
        },
      }),
    )
    before += find.byteLength
  }
}

function findOf(search: Search, number: number): FoundBytes {
  const find = search.finds[number - 1]
  const content = search.contentOf(number)
  if (find !== undefined && content !== null) return { ...find, content }
  const { length } = search.finds
  throw new FindError(
    'NO_SUCH_PATH',
    length === 0
      ? 'Nothing was found, so nothing can be saved.'
      : `There is no find ${number}: they are numbered from 1 to ${length}.`,
  )
}

async function saveOne(find: FoundBytes, folder: string, control: Control): Promise<SavedFind> {
  const { number, name, content } = find
  const rules = nameRulesFor(process.platform)
  const isTaken = (candidate: string): boolean =>
    fs.lstatSync(path.join(folder, candidate), { throwIfNoEntry: false }) !== undefined
  const target = path.join(folder, freeName(safeName(name, rules), isTaken, rules))
  let byteLength = 0
  let problem: string | null = null
  await makeWholeFile(target, async (_, file) => {
    const poured = await pour(content, file, control)
    byteLength = poured.byteLength
    problem = poured.problem
    file.sync()
  })
  const checked = await check(target, control)
  if (byteLength < find.byteLength) problem = `${find.byteLength - byteLength} of its bytes are not there.`
  return { number, path: target, byteLength, verdict: checked.verdict, problem: problem ?? checked.problem }
}

/** Opens a copy, and makes every check that it carries. */
async function check(file: string, control: Control): Promise<Pick<SavedFind, 'verdict' | 'problem'>> {
  const source = FileByteSource.open(file)
  try {
    const image = await openImage(source, { name: path.basename(file) })
    try {
      const { verdict, checks } = await verifyImage(image, image.info.defaultViewId, {
        checkpoint: () => control.checkpoint(),
        progress: () => undefined,
      })
      return { verdict, problem: checks.find((each) => each.verdict !== 'passed')?.detail ?? null }
    } finally {
      await image.close()
    }
  } catch (error) {
    if (!isOrdinary(error)) throw error
    return { verdict: 'failed', problem: (error as Error).message }
  } finally {
    source.close()
  }
}
