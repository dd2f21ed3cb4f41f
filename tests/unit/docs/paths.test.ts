import fs from 'node:fs'
import { describe, expect, it } from 'vitest'

/** Paths as prose names them: in backticks, with a folder in front. */
const NAMED_PATH =
  /`((?:src-main|src-renderer|src-shared|tests|docs|bin|scripts|resources)\/[\w./-]*|\.dependency-cruiser\.cjs)`/g
const LINK = /\]\(([^)#:]+)\)/g

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'docs/formats.md',
  'docs/adding-a-format.md',
  'docs/adding-a-job.md',
  'docs/desktop.md',
  'docs/performance.md',
  'docs/extraction.md',
  'docs/previews.md',
  'docs/handbook.md',
]

describe.each(documents)('%s', (document) => {
  const text = fs.readFileSync(document, 'utf8')
  const folder = document.includes('/') ? 'docs/' : ''
  const paths = [...text.matchAll(NAMED_PATH)].map((match) => match[1]!)
  const links = [...text.matchAll(LINK)].map((match) => folder + match[1]!)

  it('names only paths that exist', () => {
    expect([...paths, ...links].filter((path) => !fs.existsSync(path))).toEqual([])
  })
})

describe('ARCHITECTURE.md', () => {
  it('names every folder of the house', () => {
    const text = fs.readFileSync('ARCHITECTURE.md', 'utf8')
    const folders = fs.readdirSync('src-main').map((name) => `src-main/${name}/`)
    expect(folders.filter((folder) => !text.includes(`\`${folder}\``))).toEqual([])
  })
})
