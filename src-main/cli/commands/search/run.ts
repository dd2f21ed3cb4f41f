import { csvField, type EntryKind } from '../../../../src-shared/model'
import { searchCatalog } from '../../../engine'
import { parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { isoTime } from '../../iso-time'
import { Output, showable, warn } from '../../output'
import { search } from './definition'

type Hit = Awaited<ReturnType<typeof searchCatalog>>['hits'][number]

const KINDS: readonly EntryKind[] = ['file', 'directory', 'symlink', 'device', 'fifo', 'socket']
const UNITS: Record<string, number> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30 }

/** `isolde search TEXT [--json|--csv]`: over every image in the catalog, whether it is there just now or not. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(search, args)
  const [text] = positionals
  if (text === undefined || text === '') throw new UsageError('Say what to search for.', 'search')
  const limit = Number(values.limit ?? 10_000)
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit takes a number from 1.', 'search')
  const output = new Output()
  const { hits, hasMore } = await searchCatalog(
    {
      text,
      image: values.image ?? null,
      kinds: values.kind ? lists(values.kind).map(kindOf) : null,
      extensions: values.extension ? lists(values.extension) : null,
      minByteLength: byteLength('--min-size', values['min-size']),
      maxByteLength: byteLength('--max-size', values['max-size']),
      modifiedFrom: date('--after', values.after, 0),
      modifiedTo: date('--before', values.before, -1),
    },
    limit,
  )
  if (values.csv) output.line('image,view,path,kind,size,modified,status,isOnline')
  const line = values.json ? jsonLine : values.csv ? csvLine : plainLine
  for (const hit of hits) output.line(line(hit))
  output.flush()
  if (hits.length === 0) warn(`nothing called “${text}” is in any image that was opened so far.`)
  if (hasMore) warn(`these are the first ${limit}; there are more (--limit).`)
  return EXIT.ok
}

/** `a,b` given once, or `a` and `b` given apart. */
function lists(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(',')).filter((value) => value !== '')
}

function kindOf(name: string): EntryKind {
  const kind = KINDS.find((known) => known === name)
  if (!kind) throw new UsageError(`“${name}” is no kind of entry. There are: ${KINDS.join(', ')}.`, 'search')
  return kind
}

/** `10`, `10k`, `1.5M`, `2GiB`: bytes. */
function byteLength(option: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?$/i.exec(text) ?? []
  const factor = UNITS[unit.toLowerCase()]
  if (number === '' || factor === undefined)
    throw new UsageError(`${option} takes a size such as 500k or 2G.`, 'search')
  return Math.round(Number(number) * factor)
}

/** The beginning of a day or moment. @param shift in milliseconds: `--before` means the last one that is still in */
function date(option: string, text: string | undefined, shift: number): number | null {
  if (text === undefined) return null
  const time = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T.+)?)?)?$/.test(text) ? Date.parse(text) : NaN
  if (Number.isNaN(time)) throw new UsageError(`${option} takes a date such as 2024-05-17.`, 'search')
  return time + shift
}

function timeOf(hit: Hit): string | null {
  return hit.modified === null ? null : isoTime(hit.modified)
}

/** Paths into nested images are shown as the way in. */
function imageOf(hit: Hit): string {
  return [hit.imagePath, ...hit.inside.map((step) => step.path)].join('//')
}

function jsonLine(hit: Hit): string {
  return JSON.stringify({
    image: hit.imagePath,
    ...(hit.inside.length === 0 ? {} : { inside: hit.inside.map((step) => step.path) }),
    view: hit.view,
    path: hit.path,
    kind: hit.kind,
    size: hit.byteLength,
    modified: timeOf(hit),
    status: hit.status,
    isOnline: hit.isOnline,
  })
}

function csvLine(hit: Hit): string {
  return [
    csvField(imageOf(hit)),
    csvField(hit.view),
    csvField(hit.path),
    hit.kind,
    hit.byteLength,
    timeOf(hit) ?? '',
    hit.status,
    hit.isOnline,
  ].join(',')
}

function plainLine(hit: Hit): string {
  return `${showable(imageOf(hit))}: ${showable(hit.path)}${hit.kind === 'directory' ? '/' : ''}`
}
