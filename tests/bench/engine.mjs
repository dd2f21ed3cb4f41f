// What a window feels: the engine as a process of its own, spoken to as a host does.
import { fork } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { median } from './measure.mjs'

/** @returns rows for the table: title, own figure, against what, aim, peak memory */
export async function measureEngine(images, scratch, runs) {
  const results = []
  for (const [count, image, aim] of [
    ['100 000', images.entries100k, '≤ 300 ms on screen'],
    ['1 000 000', images.entries1m, '≤ 150 ms'],
  ]) {
    if (!image) continue
    const [first, whole, again] = [[], [], []]
    let peak = 0
    for (let run = 0; run < runs; run++) {
      const home = path.join(scratch, `home-${count}-${run}`)
      const one = await openOnce(home, image)
      first.push(one.firstRows)
      whole.push(one.indexed)
      peak = Math.max(peak, one.peakBytes)
      again.push((await openOnce(home, image)).firstRows)
      fs.rmSync(home, { recursive: true, force: true })
    }
    results.push([
      `first rows of ${count} entries`,
      `${Math.round(median(first))} ms`,
      'engine started, image never seen',
      `aim: ${aim}`,
      megabytes(peak),
    ])
    results.push([
      `index of ${count} entries, default view`,
      `${(median(whole) / 1000).toFixed(1)} s`,
      '',
      count === '1 000 000' ? 'aim: ≤ 8 s' : '',
      megabytes(peak),
    ])
    results.push([
      `first rows of ${count} entries, seen before`,
      `${Math.round(median(again))} ms`,
      '',
      'aim: ≤ 100 ms',
      '',
    ])
  }
  if (images.oneLarge) results.push(await extractLarge(images.oneLarge, scratch))
  return results
}

const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`

async function openOnce(home, image) {
  const engine = await startEngine(home)
  const started = performance.now()
  const opened = await engine.call('image.open', { location: { kind: 'path', path: image } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  await engine.call('image.rows', { ...ref, directory: 0, limit: 100 })
  const firstRows = performance.now() - started
  for (;;) {
    const { info } = await engine.call('image.info', { image: opened.image })
    if (info.views.find((view) => view.isDefault)?.entryCount !== null) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const indexed = performance.now() - started
  for (;;) {
    const { info } = await engine.call('image.info', { image: opened.image })
    if (info.views.every((view) => view.entryCount !== null)) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const peakBytes = engine.peakBytes()
  await engine.stop()
  return { firstRows, indexed, peakBytes }
}

async function extractLarge(image, scratch) {
  const engine = await startEngine(path.join(scratch, 'home-large'))
  const opened = await engine.call('image.open', { location: { kind: 'path', path: image } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  const started = performance.now()
  const { job } = await engine.call('job.start', {
    kind: 'extract',
    spec: { ...ref, entries: null, destination: path.join(scratch, 'large') },
  })
  for (;;) {
    const { jobs } = await engine.call('job.list', {})
    const state = jobs.find((one) => one.id === job)?.state
    if (state === 'done') break
    if (state === 'failed') throw new Error('the extraction failed')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const seconds = (performance.now() - started) / 1000
  const peak = engine.peakBytes()
  await engine.stop()
  return ['engine while extracting a 4 GiB file', `${seconds.toFixed(1)} s`, '', 'aim: ≤ 200 MB', megabytes(peak)]
}

/** @param pauseMs to wait once it answers: a person needs a moment to choose an image */
export async function startEngine(home, pauseMs = 500) {
  const child = fork(path.resolve('dist/main/engine.js'), [], { serialization: 'advanced', execArgv: [] })
  const waiting = new Map()
  let lastId = 0
  await new Promise((resolve) => {
    child.on('message', (message) => {
      if (message.type === 'ready') resolve()
      else if (message.type === 'client' && message.message.type === 'result')
        waiting.get(message.message.id)?.(message.message.result)
    })
    child.send({ type: 'start', options: { home, host: 'process', version: '0', openAtStart: [] } })
  })
  child.send({ type: 'open-client', client: 1 })
  const call = async (name, input) => {
    const id = ++lastId
    const answered = new Promise((resolve) => waiting.set(id, resolve))
    child.send({ type: 'client', client: 1, message: { type: 'command', id, name, input } })
    const result = await answered
    if (!result.ok) throw new Error(result.error.message)
    return result.value
  }
  await call('engine.hello', {})
  // The engine uses the pause to have a thread ready.
  await new Promise((resolve) => setTimeout(resolve, pauseMs))
  return {
    call,
    pid: child.pid,
    /** VmHWM: the most that was ever resident. */
    peakBytes: () =>
      Number(/VmHWM:\s*(\d+)/.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve)
        child.send({ type: 'shutdown' })
      }),
  }
}
