import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'

const DIST = join(import.meta.dirname, '../../../dist/renderer')

test('what the first paint needs stays small', async () => {
  const page = await readFile(join(DIST, 'index.html'), 'utf8')
  const needed = [...page.matchAll(/(?:src|href)="[./]*(assets\/[^"]+)"/g)].map((match) => match[1] ?? '')
  expect(needed.length).toBeGreaterThan(1)
  let total = 0
  for (const name of needed) total += gzipSync(await readFile(join(DIST, name))).byteLength
  expect(total).toBeLessThan(400_000)
})

test('nothing in the window evaluates text', async () => {
  const names = (await readdir(join(DIST, 'assets'))).filter((name) => name.endsWith('.js'))
  const own = await Promise.all(names.map((name) => readFile(join(DIST, 'assets', name), 'utf8')))
  expect(own.filter((source) => /\beval\(/.test(source))).toEqual([])
})
