import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { commands } from '../../../src-shared/contract'

const ENGINE = 'src-main/engine'
const items = fs.readdirSync(ENGINE, { withFileTypes: true })
const folders = items.filter((item) => item.isDirectory()).map(({ name }) => name)

interface Rules {
  forbidden: { name: string }[]
}

describe('the engine', () => {
  it('has its files in folders, and beside them only its faces', () => {
    const files = items.filter((item) => !item.isDirectory()).map(({ name }) => name)
    expect(files.sort()).toEqual(['index.ts', 'prewarm.ts', 'tsconfig.json'])
  })

  it.each(folders)('has a face for %s, a rule and a line in the map', (folder) => {
    const { forbidden } = createRequire(import.meta.url)(path.resolve('.dependency-cruiser.cjs')) as Rules
    expect(fs.existsSync(path.join(ENGINE, folder, 'index.ts'))).toBe(true)
    expect(forbidden.map(({ name }) => name)).toContain(`engine-${folder}`)
    expect(fs.readFileSync('ARCHITECTURE.md', 'utf8')).toContain(`| \`${ENGINE}/${folder}/\` |`)
  })

  it('answers each command in one file only', () => {
    const answers = fs
      .readdirSync(path.join(ENGINE, 'handlers'))
      .flatMap((file) => [
        ...fs.readFileSync(path.join(ENGINE, 'handlers', file), 'utf8').matchAll(/^ {4}'(\w+\.\w+)':/gm),
      ])
      .map((match) => match[1])
    expect(answers.sort()).toEqual(Object.keys(commands).sort())
  })
})
