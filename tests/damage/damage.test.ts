import path from 'node:path'
import { expect, test } from 'vitest'
import { damageOnce } from './damage-run'

const IMAGES = path.join(import.meta.dirname, '..', 'images')
/** A sample of `npm run damage`, the same in every run. */
const FIRST = 3001
const RUNS = 150

test('what damage costs is told by extraction and by verify', { timeout: 120_000 }, async () => {
  const silent: string[] = []
  let changed = 0
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    const outcome = await damageOnce(seed, [IMAGES])
    if (outcome.differs) changed++
    if (outcome.problem !== null) silent.push(`seed ${seed}: ${outcome.image}: ${outcome.problem}`)
  }
  expect(silent).toEqual([])
  expect(changed).toBeGreaterThan(RUNS / 5)
})
