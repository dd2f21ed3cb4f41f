import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const FOLDER = '.github/workflows'

test.each(fs.readdirSync(FOLDER))('%s names every action by its commit, with the version beside it', (name) => {
  const text = fs.readFileSync(path.join(FOLDER, name), 'utf8')
  const uses = [...text.matchAll(/^\s*-?\s*uses:\s*(.+)$/gm)].map(([, action]) => action ?? '')
  expect(uses.length).toBeGreaterThan(0)
  for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
})
