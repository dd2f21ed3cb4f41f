import type { PlannedItem, RescueStatus } from './plan'
import type { PartialFiles, WrittenItem } from './write-files'

/** How many files came out how, and how many bytes of them are there. */
export interface RescueSummary {
  proven: number
  whole: number
  partial: number
  lost: number
  directories: number
  symlinks: number
  /** Of files, in bytes: as they should be, and as they can be saved. */
  byteLength: number
  savedByteLength: number
}

export function summaryOf(items: readonly PlannedItem[]): RescueSummary {
  const summary: RescueSummary = {
    proven: 0,
    whole: 0,
    partial: 0,
    lost: 0,
    directories: 0,
    symlinks: 0,
    byteLength: 0,
    savedByteLength: 0,
  }
  for (const { kind, status, byteLength, holes } of items) {
    if (kind === 'directory') summary.directories++
    else if (kind === 'symlink') summary.symlinks++
    if (kind !== 'file') continue
    summary[status]++
    summary.byteLength += byteLength
    summary.savedByteLength += byteLength - holes.reduce((sum, [, length]) => sum + length, 0)
  }
  return summary
}

/** What a script is told of one file. */
export function lineOf({ path, byteLength, status, tree, holes, why }: PlannedItem): Record<string, unknown> {
  return { path, byteLength, status, from: tree, holes, ...(why === '' ? {} : { why }) }
}

export interface ReportFacts {
  image: string
  notes: readonly string[]
  partial: PartialFiles
}

/** Everything that was found, for programs. */
export function jsonReport(written: readonly WrittenItem[], { image, notes, partial }: ReportFacts): string {
  const files = written.filter(({ kind }) => kind === 'file')
  return `${JSON.stringify(
    {
      image,
      notes,
      partial,
      summary: summaryOf(written),
      losses: lossesIn(written).map((item) => ({ ...lineOf(item), to: item.to })),
      files: files.map((item) => ({ ...lineOf(item), to: item.to })),
    },
    null,
    1,
  )}\n`
}

const STATUS_WORDS: Record<RescueStatus, string> = {
  proven: 'proven',
  whole: 'whole',
  partial: 'partly there',
  lost: 'lost',
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1c1e;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ddd;vertical-align:top}
td:first-child{overflow-wrap:anywhere}@media(prefers-color-scheme:dark){body{color:#eee;background:#1c1c1e}th,td{border-color:#444}}`

/** The same for people: a page that loads nothing and runs nothing. */
export function htmlReport(written: readonly WrittenItem[], { image, notes, partial }: ReportFacts): string {
  const summary = summaryOf(written)
  const losses = lossesIn(written)
  const saved = summary.proven + summary.whole
  const total = saved + summary.partial + summary.lost
  const rows = losses.map(
    (item) =>
      `<tr><td>${escaped(item.path)}</td><td>${STATUS_WORDS[item.status]}</td><td>${escaped(item.why)} ${escaped(fateOf(item, partial))}</td></tr>`,
  )
  const table =
    losses.length === 0
      ? '<p>Nothing was lost.</p>'
      : `<table><thead><tr><th>File</th><th>State</th><th>Why, and what was done</th></tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escaped(image)}: what was saved</title><style>${STYLE}</style></head><body>
<h1>${escaped(image)}: what was saved</h1>
<p>${saved} of ${total} files are all there; ${summary.proven} of them are proven by a sum. ${summary.partial} are there in part, ${summary.lost} are lost.</p>
${notes.length === 0 ? '' : `<ul>${notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>`}
<h2>Losses</h2>
${table}
</body></html>
`
}

function lossesIn(written: readonly WrittenItem[]): WrittenItem[] {
  return written.filter(
    ({ kind, status, to }) => kind !== 'directory' && (status === 'partial' || status === 'lost' || to === null),
  )
}

function fateOf({ to, status, holes }: WrittenItem, partial: PartialFiles): string {
  if (to === null) return 'It was not written.'
  if (status !== 'partial' || holes.length === 0) return ''
  const ranges = holes.slice(0, 20).map(([start, length]) => `${start} to ${start + length - 1}`)
  const more = holes.length > 20 ? ` and ${holes.length - 20} more` : ''
  return partial === 'cut'
    ? `It was cut at byte ${holes[0]?.[0] ?? 0}.`
    : `Zeros stand for bytes ${ranges.join(', ')}${more}.`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
