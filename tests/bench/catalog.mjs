// What the catalog does with a thousand images, and with a folder of a million rows.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { startEngine } from './engine.mjs'
import { writeFlatIso } from './flat-iso.mjs'
import { commandLine, median } from './measure.mjs'
import { measureScrolling } from './scroll.mjs'

const cache = path.resolve('.cache/bench')
const ENTRIES_EACH = 1000
const FLAT_ENTRIES = 1_000_000

/** @returns rows for the table: title, own figure, against what, aim, peak memory */
export async function measureCatalog(images, scratch, runs, isLarge) {
  const results = await measureLibrary(1000, scratch, runs)
  if (!isLarge) return results
  results.push(...(await measureLibrary(10_000, scratch, runs)))
  const flat = path.join(cache, 'flat-1m.iso')
  if (!fs.existsSync(flat)) writeFlatIso(flat, FLAT_ENTRIES, 'FLAT')
  results.push(...(await measureFlat(flat, scratch)))
  results.push(...(await measureDuplicates([flat, images.entries1m], scratch)))
  results.push(...(await measureScrolling(flat, scratch)))
  return results
}

/** By a job, as a window has them found. */
async function findDuplicates(engine) {
  const spec = { image: null, minByteLength: 1, byContent: false }
  const { job } = await engine.call('job.start', { kind: 'duplicates', spec })
  for (;;) {
    const known = (await engine.call('job.list', {})).jobs.find(({ id }) => id === job)
    if (known.state === 'done') return known.result
    if (known.state === 'failed') throw new Error(known.error.message)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Duplicates among two million files, and how long anybody else waits for an answer meanwhile. */
async function measureDuplicates(images, scratch) {
  const home = path.join(scratch, 'home-duplicates')
  const engine = await startEngine(home)
  for (const image of images) {
    const opened = await engine.call('image.open', { location: { kind: 'path', path: image } })
    await untilIndexed(engine, opened.image)
    await engine.call('image.close', { image: opened.image })
  }
  const started = performance.now()
  let found = null
  const finding = findDuplicates(engine).then((answer) => (found = answer))
  let longest = 0
  while (!found) {
    const asked = performance.now()
    await engine.call('library.list', { limit: 10 })
    longest = Math.max(longest, performance.now() - asked)
  }
  await finding
  const took = performance.now() - started
  const peak = engine.peakBytes()
  await engine.stop()
  fs.rmSync(home, { recursive: true, force: true })
  return [
    [
      'duplicates in two images of 1 000 000',
      `${(took / 1000).toFixed(1)} s`,
      `${found.groupCount} groups`,
      '',
      `${Math.round(peak / 1e6)} MB`,
    ],
    ['longest wait of others meanwhile', `${Math.round(longest)} ms`, '', 'aim: ≤ 200 ms', ''],
  ]
}

async function untilIndexed(engine, image) {
  for (;;) {
    const { info } = await engine.call('image.info', { image })
    if (info.views.every((view) => view.entryCount !== null)) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Many images in the catalog, put there as a watched folder is. */
export async function measureLibrary(imageCount, scratch, runs) {
  const folder = path.join(cache, `library-${imageCount}`)
  const home = path.join(cache, `library-${imageCount}-home`)
  fs.mkdirSync(folder, { recursive: true })
  for (let i = 0; i < imageCount; i++) {
    const file = path.join(folder, `disc ${i}.iso`)
    if (fs.existsSync(file)) continue
    writeFlatIso(file, ENTRIES_EACH, `DISC ${i}`)
    fs.utimesSync(file, 1_600_000_000, 1_600_000_000)
  }
  await fill(home, folder, imageCount)
  const kept = path.join(scratch, `library-${imageCount}-home`)
  fs.cpSync(home, kept, { recursive: true })
  const [starts, lists] = [[], []]
  for (let run = 0; run < runs; run++) {
    const started = performance.now()
    const engine = await startEngine(kept, 0)
    await engine.call('recent.list', {})
    starts.push(performance.now() - started)
    const asked = performance.now()
    await engine.call('library.list', { limit: 200 })
    lists.push(performance.now() - asked)
    await engine.stop()
  }
  const engine = await startEngine(kept)
  const searches = []
  for (const [title, text, aim] of [
    ['first result', 'picture 777 of', '≤ 50 ms'],
    ['first result, two letters', '99', '≤ 200 ms'],
    ['first result, one letter', 'q', '≤ 200 ms'],
  ]) {
    const times = []
    for (let run = 0; run < runs; run++) {
      const asked = performance.now()
      await firstHit(engine, text)
      times.push(performance.now() - asked)
    }
    searches.push([
      `search in ${imageCount} images: ${title}`,
      `${Math.round(median(times))} ms`,
      '',
      `aim: ${aim}`,
      '',
    ])
  }
  await engine.stop()
  const bytes = fs.statSync(path.join(kept, 'catalog.sqlite')).size
  const exported = path.join(scratch, `library-${imageCount}-export`)
  const began = performance.now()
  const { program, args } = commandLine('isolde', ['catalog', 'export', exported])
  execFileSync(program, args, { env: { ...process.env, ISOLDE_HOME: kept }, stdio: 'ignore' })
  const took = performance.now() - began
  const packed = fs.readdirSync(exported).reduce((sum, name) => sum + fs.statSync(path.join(exported, name)).size, 0)
  for (const folder of [exported, kept]) fs.rmSync(folder, { recursive: true, force: true })
  return [
    [`catalog of ${imageCount} images on disk`, `${Math.round(bytes / 1e6)} MB`, '', 'aim: ≤ 1 GB of 10 000', ''],
    [`its export as Parquet`, `${(took / 1000).toFixed(1)} s`, `${Math.round(packed / 1e6)} MB`, '', ''],
    [
      `start with ${imageCount} images of ${ENTRIES_EACH}`,
      `${Math.round(median(starts))} ms`,
      'to the first answers',
      'aim: ≤ 500 ms',
      '',
    ],
    [`library of ${imageCount} images, first page`, `${Math.round(median(lists))} ms`, '', '', ''],
    ...searches,
  ]
}

/** Has the engine itself fill a catalog once; it is kept for the next time. */
async function fill(home, folder, imageCount) {
  const engine = await startEngine(home)
  await engine.call('library.addFolder', { path: folder })
  for (;;) {
    const { folders } = await engine.call('library.folders', {})
    if (folders[0]?.fileCount === imageCount && folders[0].pendingCount === 0) break
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  // What is measured later must not look through the folder meanwhile.
  await engine.call('library.removeFolder', { path: folder })
  await engine.stop()
}

/** One folder of a million rows. */
async function measureFlat(image, scratch) {
  const home = path.join(scratch, 'home-flat')
  const engine = await startEngine(home)
  const started = performance.now()
  const opened = await engine.call('image.open', { location: { kind: 'path', path: image } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId, directory: 0 }
  await engine.call('image.rows', { ...ref, limit: 100 })
  const firstRows = performance.now() - started
  let indexed = 0
  for (;;) {
    const { info } = await engine.call('image.info', { image: opened.image })
    if (indexed === 0 && info.views.find((view) => view.isDefault)?.entryCount !== null)
      indexed = performance.now() - started
    if (info.views.every((view) => view.entryCount !== null)) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const indexPeak = engine.peakBytes()
  const timed = async (input) => {
    const asked = performance.now()
    const { total } = await engine.call('image.rows', { ...ref, limit: 200, ...input })
    if (total !== FLAT_ENTRIES) throw new Error(`the folder has ${total} rows`)
    return performance.now() - asked
  }
  const byName = await timed({})
  const bySize = await timed({ sort: { column: 'size' } })
  const byDate = await timed({ sort: { column: 'modified', descending: true } })
  const pages = []
  for (let i = 0; i < 20; i++)
    pages.push(await timed({ sort: { column: 'size' }, offset: (i * 49_999) % FLAT_ENTRIES }))
  const filtered = await timedFilter(engine, ref)
  const searches = []
  for (const text of ['picture 777777', '77', 'q']) {
    const asked = performance.now()
    await firstHit(engine, text)
    searches.push(performance.now() - asked)
  }
  const peak = engine.peakBytes()
  await engine.stop()
  const views = opened.info.views.filter((view) => view.kind !== 'boot').length
  const bytes = fs.statSync(path.join(home, 'catalog.sqlite')).size / (FLAT_ENTRIES * views)
  fs.rmSync(home, { recursive: true, force: true })
  const ms = (value) => `${Math.round(value)} ms`
  return [
    ['first rows of a folder of 1 000 000', ms(firstRows), 'in the order of the disc', 'aim: ≤ 150 ms', ''],
    [
      'its index, default view',
      `${(indexed / 1000).toFixed(1)} s`,
      'peak: all views',
      'aim: ≤ 8 s, ≤ 400 MB',
      `${Math.round(indexPeak / 1e6)} MB`,
    ],
    ['its first order by name', ms(byName), '', '', ''],
    ['its first sort by size', ms(bySize), '', 'aim: ≤ 1 s', ''],
    ['its first sort by date', ms(byDate), 'peak: after all of these', 'aim: ≤ 1 s', `${Math.round(peak / 1e6)} MB`],
    ['paging anywhere in it', ms(Math.max(...pages)), `slowest of ${pages.length}`, 'aim: ≤ 100 ms', ''],
    ['its first filter', ms(filtered), '', '', ''],
    ['search in 1 000 000 entries: first result', ms(searches[0]), '', 'aim: ≤ 50 ms', ''],
    ['search in 1 000 000 entries: two letters', ms(searches[1]), '', 'aim: ≤ 200 ms', ''],
    ['search in 1 000 000 entries: one letter', ms(searches[2]), 'nowhere to be found', 'aim: ≤ 200 ms', ''],
    [
      'catalog on disk, an entry and view',
      `${Math.round(bytes)} bytes`,
      `${views} views, search index included`,
      'aim: ≤ 200',
      '',
    ],
  ]
}

/** Until there is one, or it is certain that there is none. */
async function firstHit(engine, text) {
  for (let after = -1; ;) {
    const { hits, next } = await engine.call('search.run', { text, limit: 1, after })
    if (hits.length > 0 || next === null) return
    after = next
  }
}

async function timedFilter(engine, ref) {
  const asked = performance.now()
  await engine.call('image.rows', { ...ref, filter: '4242', limit: 200 })
  return performance.now() - asked
}
