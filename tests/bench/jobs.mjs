// What a job in the queue costs and how soon it can be stopped.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { rolldown } from 'rolldown'
import { decodersPlugin } from '../../scripts/decoders-plugin.mjs'
import { startEngine } from './engine.mjs'
import { median } from './measure.mjs'

/** @returns rows for the table: title, own figure, against what, aim, peak memory */
export async function measureJobs(images, scratch, folder, runs) {
  const results = []
  const script = await bundled(path.join(import.meta.dirname, 'control-cost.ts'))
  for (const [what, image] of [
    ['50 000 small files', images.small],
    ['one 4 GiB file', images.oneLarge],
  ]) {
    if (!image) continue
    const { free, held } = JSON.parse(execFileSync(process.execPath, [script, image, folder, String(runs)]).toString())
    results.push([
      `progress and cancel over ${what}`,
      `${((held / free - 1) * 100).toFixed(1)} %`,
      `${(held / 1000).toFixed(2)} s with, ${(free / 1000).toFixed(2)} s without`,
      'aim: under 2 %',
      '',
    ])
    const times = []
    for (let run = 0; run < runs; run++) times.push(await cancelOnce(image, scratch, folder))
    results.push([
      `cancel while extracting ${what}`,
      `${Math.round(median(times))} ms`,
      `${Math.round(Math.max(...times))} ms at most`,
      'aim: ≤ 200 ms',
      '',
    ])
  }
  return results
}

/** From the command to the job's end as the window is told of it, a third of the way in. */
async function cancelOnce(image, scratch, folder) {
  const engine = await startEngine(path.join(scratch, 'home-cancel'))
  const opened = await engine.call('image.open', { location: { kind: 'path', path: image } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  const destination = path.join(folder, 'cancelled')
  const { job } = await engine.call('job.start', { kind: 'extract', spec: { ...ref, entries: null, destination } })
  const find = async () => (await engine.call('job.list', {})).jobs.find((one) => one.id === job)
  for (;;) {
    const { bytesDone, bytesTotal } = await find()
    if (bytesTotal > 0 && bytesDone > bytesTotal / 3) break
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const started = performance.now()
  await engine.call('job.cancel', { job })
  while ((await find()).state !== 'cancelled') await new Promise((resolve) => setTimeout(resolve, 1))
  const elapsed = performance.now() - started
  await engine.stop()
  fs.rmSync(path.join(scratch, 'home-cancel'), { recursive: true, force: true })
  return elapsed
}

async function bundled(input) {
  const folder = path.resolve('.cache/bench/bundled')
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: [/^node:/, 'picomatch', 'zod'],
    plugins: [decodersPlugin()],
  })
  await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].mjs' })
  await bundle.close()
  return path.join(folder, `${path.parse(input).name}.mjs`)
}
