import {
  assertOnAnotherDisk,
  liesOnDiskOf,
  saveFinds,
  Search,
  searchMapPath,
  type Control,
  type Find,
  type SavedFind,
} from '../../../engine'
import { locationOptions, parse, type ValuesOf } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { watchInterrupts } from '../../interrupts'
import { Output, plural, showable, warn } from '../../output'
import { ProgressLine } from '../../progress-line'
import { find } from './definition'

type Values = ValuesOf<typeof find>
const STATES: Record<Find['state'], string> = {
  proven: 'proven',
  whole: 'whole',
  'partly-overwritten': 'PARTLY OVERWRITTEN',
  'begins-only': 'BEGINS ONLY',
}

/** `isolde find SOURCE`: the disc images that a disk holds. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(find, args)
  const [sourcePath, more] = positionals
  if (sourcePath === undefined || sourcePath === '') throw new UsageError('Name the disk, or an image of one.', 'find')
  if (more !== undefined) throw new UsageError(`“${more}” is one argument too many.`, 'find')
  const wanted = numbersOf(values)
  const folder = wanted === null ? null : await folderFor(sourcePath, values)
  const { charset } = locationOptions({ charset: values.charset })
  const progress = ProgressLine.for(values.progress, values.quiet)
  const stop = watchInterrupts()
  const control: Control = {
    checkpoint: () => stop.checkpoint(),
    progress: (change) => {
      progress.take(change)
    },
  }
  const output = new Output()
  const say = (line: string): void => {
    progress.clear()
    output.line(line)
    output.flush()
  }
  try {
    const request = {
      sourcePath,
      mapPath: await mapFor(sourcePath, values),
      isMapRequired: values.map !== undefined,
      isResumed: values.resume === true,
      isSummed: values['no-check'] !== true,
      charset: charset ?? undefined,
    }
    const search = await Search.run(request, control, (one) => {
      say(values.json ? JSON.stringify(lineOf(one)) : inWords(one))
    })
    try {
      const saved: SavedFind[] = []
      if (wanted !== null && folder !== null) {
        const numbers = wanted === 'all' ? search.finds.map(({ number }) => number) : wanted
        await saveFinds(search, numbers, folder, control, (one) => {
          saved.push(one)
          say(values.json ? JSON.stringify({ saved: one.number, ...one, number: undefined }) : savedInWords(one))
        })
      }
      progress.clear()
      summarize(search, saved, values, say)
      return statusOf(search, saved)
    } finally {
      search.close()
    }
  } finally {
    progress.clear()
    stop.end()
  }
}

/** @throws {UsageError} */
function numbersOf({ save, to }: Values): number[] | 'all' | null {
  if (save === undefined && to === undefined) return null
  if (save === undefined) throw new UsageError('Say which finds: --save N,… or --save all.', 'find')
  if (to === undefined) throw new UsageError('Say where to: --to DIR, a folder on another disk.', 'find')
  if (save === 'all') return 'all'
  const numbers = save.split(',').map((text) => (/^ *[1-9][0-9]{0,8} *$/.test(text) ? Number(text) : NaN))
  if (numbers.some(Number.isNaN))
    throw new UsageError(`--save takes numbers of finds, as in 1,3; not “${save}”.`, 'find')
  return [...new Set(numbers)]
}

/** @throws {DeviceError} `UNSAFE_DESTINATION` for a folder on the disk that is searched */
async function folderFor(sourcePath: string, { to = '' }: Values): Promise<string> {
  await assertOnAnotherDisk(sourcePath, to)
  return to
}

/**
 * Null where it would lie on the disk that is searched: what is written there may lie over what is looked for.
 * @throws {DeviceError} `UNSAFE_DESTINATION` for one that was named
 */
async function mapFor(sourcePath: string, { map, resume }: Values): Promise<string | null> {
  const mapPath = map ?? searchMapPath(sourcePath)
  if (map !== undefined) await assertOnAnotherDisk(sourcePath, map)
  if (!(await liesOnDiskOf(sourcePath, mapPath))) return mapPath
  const lost = resume === true ? 'It begins anew' : 'It cannot be resumed'
  warn(
    `${lost}: the profile lies on the disk that is searched, and nothing is written there. Name a map elsewhere with --map.`,
  )
  return null
}

function lineOf(one: Find): Record<string, unknown> {
  const { number, byteOffset, byteLength, name, state, fragments, identity, origin, isAssumed, unreadableByteLength } =
    one
  const line = { number, byteOffset, byteLength, name, state, fragments, identity, origin }
  return { ...line, assumed: isAssumed, unreadable: unreadableByteLength }
}

function inWords({ number, byteOffset, byteLength, name, state, fragments, identity, origin }: Find): string {
  const pieces = fragments.length > 1 ? ` in ${fragments.length} pieces` : ''
  const what = identity === null || identity.summary === '' ? '' : ` (${identity.summary})`
  const deleted = origin === 'deleted' ? ', deleted' : ''
  return showable(
    `${String(number).padStart(3)}  ${STATES[state]}${deleted}: ${name}${what}, ${byteLength.toLocaleString('en')} bytes at ${byteOffset}${pieces}`,
  )
}

function savedInWords({ number, path, verdict, problem }: SavedFind): string {
  const checked = { passed: 'passed its checks', failed: 'DID NOT PASS', 'nothing-to-check': 'can be read' }[verdict]
  return showable(
    `${String(number).padStart(3)}  saved as ${path}: ${checked}${problem === null ? '.' : `. ${problem}`}`,
  )
}

function summarize(search: Search, saved: readonly SavedFind[], values: Values, say: (line: string) => void): void {
  const { finds, unreadableByteLength, byteLength, isCut } = search
  const count = (state: Find['state']): number => finds.filter((one) => one.state === state).length
  const states = {
    proven: count('proven'),
    whole: count('whole'),
    partlyOverwritten: count('partly-overwritten'),
    beginsOnly: count('begins-only'),
  }
  if (isCut) warn(`Only the first ${finds.length} finds are told.`)
  if (values.json) {
    const summary = {
      finds: finds.length,
      ...states,
      byteLength,
      unreadable: unreadableByteLength,
      saved: saved.length,
    }
    say(JSON.stringify({ summary: true, ...summary }))
    return
  }
  if (unreadableByteLength > 0)
    warn(`${plural(unreadableByteLength, 'byte')} could not be read; what is there is not searched.`)
  if (values.quiet) return
  const all = states.proven + states.whole
  say(
    finds.length === 0
      ? 'No disc image was found.'
      : `${finds.length} disc ${finds.length === 1 ? 'image' : 'images'} found; ${all} of them ${all === 1 ? 'is' : 'are'} all there.`,
  )
}

function statusOf({ finds, unreadableByteLength, isCut }: Search, saved: readonly SavedFind[]): number {
  if (finds.length === 0) return EXIT.notAnImage
  const isLoss = saved.some(({ verdict, problem }) => verdict === 'failed' || problem !== null)
  const isDamaged = finds.some(({ state }) => state === 'partly-overwritten' || state === 'begins-only')
  return isDamaged || isLoss || isCut || unreadableByteLength > 0 ? EXIT.damaged : EXIT.ok
}
