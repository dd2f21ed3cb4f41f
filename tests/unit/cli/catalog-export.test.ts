import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parquetReadObjects } from 'hyparquet'
import { namedIso } from '../../images/named-iso'
import { EngineProcess } from '../engine/engine-process'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

/** A catalog of two images that share a file; the first was hashed. */
async function catalogOf(folder: string): Promise<string> {
  const home = path.join(folder, 'home')
  const engine = await EngineProcess.start(home)
  for (const [name, tree] of [
    ['one.iso', { Übersicht: { 'a.txt': 'x'.repeat(3000), 'b.txt': 'other' }, empty: '' }],
    ['two.iso', { 'copy.txt': 'x'.repeat(3000) }],
  ] as const) {
    const image = path.join(folder, name)
    fs.writeFileSync(image, namedIso(tree, 'EXPORT', 1))
    await engine.call('image.open', { location: { kind: 'path', path: image } })
    await engine.event('image.progress', (progress) => progress.isDone)
    engine.events.length = 0
  }
  await engine.shutdown()
  return home
}

const read = async (file: string): Promise<Record<string, unknown>[]> => {
  const bytes = fs.readFileSync(file)
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  return parquetReadObjects({ file: buffer, compressors: { ZSTD: (packed) => zstdDecompressSync(packed) } })
}

describe('isolde catalog export', () => {
  it('writes every table, with whole paths, and says last what there is', async () => {
    const folder = temporaryFolder()
    const home = await catalogOf(folder)
    const target = path.join(folder, 'export')
    const { status, stdout } = isolde(['catalog', 'export', target], { env: { ISOLDE_HOME: home } })
    expect([status, stdout]).toEqual([0, `${target}: 2 images, 10 entries\n`])
    expect(fs.readdirSync(target).toSorted()).toEqual([
      'entries-0001.parquet',
      'export.json',
      'hashes-0001.parquet',
      'images-0001.parquet',
      'views-0001.parquet',
    ])
    const views = await read(path.join(target, 'views-0001.parquet'))
    expect(views.map(({ view, is_main }) => [view, is_main])).toEqual([
      ['rock-ridge', true],
      ['iso9660', false],
      ['rock-ridge', true],
      ['iso9660', false],
    ])
    const main = views.filter(({ is_main }) => is_main === true).map(({ view_id }) => view_id)
    const all = await read(path.join(target, 'entries-0001.parquet'))
    const entries = all.filter(({ view_id }) => main.includes(view_id))
    expect(entries.map(({ path: own, kind, byte_length }) => [own, kind, Number(byte_length)])).toEqual([
      ['empty', 'file', 0],
      ['Übersicht', 'directory', 0],
      ['Übersicht/a.txt', 'file', 3000],
      ['Übersicht/b.txt', 'file', 5],
      ['copy.txt', 'file', 3000],
    ])
    expect(entries[2]).toMatchObject({ modified: expect.any(Date) as Date, status: 'complete', hidden: false })
    const images = await read(path.join(target, 'images-0001.parquet'))
    expect(images.map(({ path: own, inside }) => [own, inside])).toEqual([
      [path.join(folder, 'one.iso'), null],
      [path.join(folder, 'two.iso'), null],
    ])
    expect(JSON.parse(fs.readFileSync(path.join(target, 'export.json'), 'utf8'))).toMatchObject({
      version: 1,
      images: 2,
      parts: 1,
      rows: { images: 2, views: 4, entries: 10, hashes: 0 },
    })

    const again = isolde(['catalog', 'export', target], { env: { ISOLDE_HOME: home } })
    expect([again.status, again.stderr]).toEqual([4, expect.stringContaining('holds an export already')])
    expect(isolde(['catalog', 'export'], { env: { ISOLDE_HOME: home } }).status).toBe(2)
    const empty = isolde(['catalog', 'export', path.join(folder, 'none'), '--json'], {
      env: { ISOLDE_HOME: path.join(folder, 'nobody') },
    })
    expect([empty.status, empty.rows]).toEqual([0, [expect.objectContaining({ images: 0, parts: 1 })]])
    await expect(read(path.join(folder, 'none/entries-0001.parquet'))).resolves.toEqual([])
  })

  it('leaves nothing where the disk says no', async () => {
    const folder = temporaryFolder()
    const home = await catalogOf(folder)
    const target = path.join(folder, 'a file')
    fs.writeFileSync(target, '')
    expect(isolde(['catalog', 'export', target], { env: { ISOLDE_HOME: home } }).status).toBe(4)
    expect(fs.statSync(target).isFile()).toBe(true)
  })

  const duckdb = path.resolve('.cache/duckdb/node_modules/@duckdb/node-api')
  it.skipIf(!fs.existsSync(duckdb))('DuckDB answers the queries that docs/catalog.md shows', async () => {
    const folder = temporaryFolder()
    const home = await catalogOf(folder)
    const target = path.join(folder, 'export')
    const image = path.join(folder, 'two.iso')
    const engine = await EngineProcess.start(home)
    for (const name of ['one.iso', 'two.iso']) {
      const opened = await engine.call('image.open', { location: { kind: 'path', path: path.join(folder, name) } })
      const spec = { image: opened.image, generation: opened.generation, view: 'rock-ridge', entries: null }
      const { job } = await engine.call('job.start', { kind: 'hash', spec: { ...spec, algorithm: 'sha256' } })
      await engine.event('job.snapshot', ({ id, state }) => id === job && state === 'done')
    }
    await engine.shutdown()
    expect(isolde(['catalog', 'export', target], { env: { ISOLDE_HOME: home } }).status).toBe(0)
    const { DuckDBInstance } = createRequire(import.meta.url)(duckdb) as {
      DuckDBInstance: { create: (path: string) => Promise<{ connect: () => Promise<DuckConnection> }> }
    }
    const connection = await (await DuckDBInstance.create(':memory:')).connect()
    const shown = fs.readFileSync('docs/catalog.md', 'utf8').matchAll(/```sql\n([\s\S]*?)```/g)
    const [find = '', duplicates = '', totals = ''] = Array.from(shown, ([, sql = '']) =>
      sql.replaceAll("'catalog/", `'${target}/`),
    )
    const rowsOf = async (sql: string): Promise<Record<string, unknown>[]> =>
      (await connection.runAndReadAll(sql)).getRowObjectsJson()
    expect(await rowsOf(find)).toEqual([
      expect.objectContaining({ image: path.join(folder, 'one.iso'), path: 'Übersicht/a.txt' }),
      expect.objectContaining({ image: path.join(folder, 'one.iso'), path: 'Übersicht/b.txt' }),
      expect.objectContaining({ image, path: 'copy.txt' }),
    ])
    expect(await rowsOf(duplicates)).toEqual([expect.objectContaining({ copies: '2', byte_length: '3000' })])
    expect(await rowsOf(totals)).toEqual([
      expect.objectContaining({ image: path.join(folder, 'one.iso'), files: '3', bytes: '3005' }),
      expect.objectContaining({ image, files: '1', bytes: '3000' }),
    ])
  })
})

interface DuckConnection {
  runAndReadAll(sql: string): Promise<{ getRowObjectsJson(): Record<string, unknown>[] }>
}
