import type { Check, VerifyReport } from './verify'

/** What a report on a verification tells. */
export interface VerifyPageFacts {
  path: string
  /** Of the file, in bytes. */
  byteLength: number
  /** When it was made. */
  date: string
  verdict: VerifyReport['verdict']
  checks: readonly (Pick<Check, 'verdict' | 'detail'> & { proves: string })[]
  damage: readonly { byteOffset: number; byteLength: number; state: string; by: string; paths: readonly string[] }[]
}

/** Marks of the picture of the map: as many columns as a page has room for. */
const COLUMNS = 400
const COLOURS: Record<string, string> = {
  proven: '#2e7d32',
  present: '#9e9e9e',
  suspect: '#f9a825',
  bad: '#c62828',
  unread: '#6a1b9a',
  missing: '#212121',
}
const VERDICTS: Record<VerifyReport['verdict'], string> = {
  passed: 'Every check passed.',
  failed: 'It did not pass.',
  'nothing-to-check': 'It has no checksums of its files: nothing here can prove them.',
}

/** What is known of each byte; `worst` is the worst state of so many from a byte on. */
export interface VerifyPageMap {
  byteLength: number
  worst(byteOffset: number, byteLength: number): string
}

/** A page that tells of a verification, for people. Nothing in it is fetched or run. */
export function verifyPage(
  { path, byteLength, date, verdict, checks, damage }: VerifyPageFacts,
  map: VerifyPageMap,
): string {
  const rows = checks.map(
    (check) =>
      `<tr class="${check.verdict}"><td>${check.verdict}</td><td>${safe(check.detail)}</td><td>${check.proves}</td></tr>`,
  )
  const ranges = damage.map(
    ({ byteOffset, byteLength: length, state, by, paths }) =>
      `<tr><td>${byteOffset}</td><td>${length}</td><td>${state}</td><td>${safe(by)}</td><td>${paths.map(safe).join('<br>')}</td></tr>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${safe(path)}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1c1c1c; background: #fff }
table { border-collapse: collapse; width: 100%; font-size: 14px }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ddd; overflow-wrap: anywhere }
.passed td:first-child { color: #2e7d32 } .failed td:first-child, .unreadable td:first-child { color: #c62828; font-weight: 600 }
.key span { display: inline-block; width: .8rem; height: .8rem; margin: 0 .3rem 0 1rem }
</style>
<h1>${safe(path)}</h1>
<p>${byteLength} bytes, checked on ${safe(date)}.</p>
<h2>${VERDICTS[verdict]}</h2>
${picture(map)}
<table><tr><th>Outcome<th>Check<th>Proves</tr>
${rows.join('\n')}
</table>
${damage.length === 0 ? '' : `<h2>Damage</h2>\n<table><tr><th>At byte<th>Bytes<th>State<th>By<th>Files</tr>\n${ranges.join('\n')}\n</table>`}
</html>
`
}

function picture(map: VerifyPageMap): string {
  if (map.byteLength === 0) return ''
  const width = map.byteLength / COLUMNS
  const bars: string[] = []
  for (let column = 0; column < COLUMNS; column++) {
    const start = Math.floor(column * width)
    const state = map.worst(start, Math.max(1, Math.floor((column + 1) * width) - start))
    bars.push(`<rect x="${column}" width="1.05" height="24" fill="${COLOURS[state] ?? '#9e9e9e'}"/>`)
  }
  const key = Object.entries(COLOURS).map(([state, colour]) => `<span style="background:${colour}"></span>${state}`)
  return `<svg viewBox="0 0 ${COLUMNS} 24" width="100%" height="24" preserveAspectRatio="none" role="img" aria-label="The image from its first to its last byte">${bars.join('')}</svg>
<p class="key">${key.join('')}</p>`
}

function safe(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
