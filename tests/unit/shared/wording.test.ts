import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'

/** How neither engine nor command line speaks, and how they do; the window's own words are held by its locales' test. */
const UNUSUAL: readonly [RegExp, string][] = [
  [/\bis away\b/, 'is offline'],
  [/\bis there already\b|\bThere already\b/, 'already exists'],
  [/\bis not there\b/, 'is missing, or doesn’t exist'],
  [/\b(?:does not|doesn['’]t) answer\b/, 'is not responding'],
  [/\bcarries no sums\b|\bnothing speaks against\b/, 'has no checksums'],
  [/\bTake off the list\b/, 'Remove'],
  [/\bwaits for an answer\b/, 'needs your decision'],
  [/\bWork out\b/, 'Calculate'],
  [/\bProve by\b/, 'Compare'],
  [/\bmay not be read by you\b/, 'You don’t have permission to read'],
  [/\bNothing is there twice\b/, 'No duplicates found'],
  [/\bNames? that (?:is|are) taken\b/, 'If a file already exists'],
]

/** Texts in single or back quotes; words between tags; no comments. */
function textsOf(source: string): string[] {
  const withoutComments = source.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/[^\n]*/g, '$1')
  return [...withoutComments.matchAll(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\\n]|\\.)*"/g)].map(
    ([text]) => text,
  )
}

it('nothing that the program says has another word than the field’s for what has one', async () => {
  const found: string[] = []
  for (const top of ['src-main', 'src-shared']) {
    const names = (await readdir(top, { recursive: true })).filter((name) => name.endsWith('.ts'))
    for (const name of names) {
      for (const text of textsOf(await readFile(join(top, name), 'utf8')))
        for (const [pattern, usual] of UNUSUAL)
          if (pattern.test(text)) found.push(`${join(top, name)}: ${text.slice(0, 100)} (${usual})`)
    }
  }
  expect(found).toEqual([])
})
