// Measures what the engine counts over a whole view for the window: the map of a disc, the picture of sizes, masks.
import fs from 'node:fs'
import path from 'node:path'
import { startEngine } from './engine.mjs'
import { median } from './measure.mjs'

/** Rows for the table: title, own figure, against what, aim, peak memory. */
export async function measurePictures(image, count, scratch) {
  const home = path.join(scratch, 'home-pictures')
  const engine = await startEngine(home)
  const opened = await engine.call('image.open', { location: { kind: 'path', path: image } })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  for (;;) {
    const { info } = await engine.call('image.info', { image: opened.image })
    if (info.views.every((view) => view.entryCount !== null)) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const time = async (name, input) => {
    const begun = performance.now()
    await engine.call(name, { ...ref, ...input })
    return performance.now() - begun
  }
  const times = async (name, input, runs = 7) => {
    const all = []
    for (let run = 0; run < runs; run++) all.push(await time(name, input))
    return median(all)
  }
  const first = await time('image.map', { buckets: 720 })
  const map = await times('image.map', { buckets: 720 })
  const sizes = await times('image.sizes', { directory: 0, limit: 300 })
  await engine.stop()
  fs.rmSync(home, { recursive: true, force: true })
  const milliseconds = (value) => `${Math.round(value)} ms`
  return [
    [`map of ${count} entries, asked for the first time`, milliseconds(first), '', '', ''],
    [`map of ${count} entries`, milliseconds(map), '', 'aim: ≤ 200 ms', ''],
    [`picture of sizes of ${count} entries`, milliseconds(sizes), '', '', ''],
  ]
}
