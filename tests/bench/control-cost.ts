// What watching costs: the same extraction with and without progress and cancel, in one process, by turns.
// Run by tests/bench/jobs.mjs, which bundles it; prints two medians in milliseconds as JSON.
import fs from 'node:fs'
import path from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { SharedControl, throttled, UNCONTROLLED, type Control } from '../../src-main/task'
import { openLocation } from '../../src-main/engine/images/open-location'
import { extract } from '../../src-main/extract/extract'

const [image = '', folder = '', rounds = '5'] = process.argv.slice(2)
const TELL_EVERY_MS = 50

/** As a job does: looks at shared memory for every file and chunk, and tells twenty times a second. */
function watched(): Control & { end: () => void } {
  const control = new SharedControl()
  const { port1, port2 } = new MessageChannel()
  port2.on('message', () => undefined)
  return {
    checkpoint: () => control.checkpoint(),
    progress: throttled(TELL_EVERY_MS, (progress) => {
      port1.postMessage(progress)
    }),
    end: () => {
      port1.close()
    },
  }
}

const opened = await openLocation(image)
const table = await opened.image.view(opened.image.info.defaultViewId).readTree()

async function once(control: Control): Promise<number> {
  const destination = path.join(folder, 'out')
  fs.rmSync(destination, { recursive: true, force: true })
  const started = performance.now()
  await extract({
    table,
    selection: { paths: null },
    layout: { kind: 'full' },
    conflicts: 'fail',
    destination,
    control,
  })
  return performance.now() - started
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

const [free, held]: [number[], number[]] = [[], []]
for (let round = 0; round <= Number(rounds); round++) {
  const control = watched()
  const [first, second] = round % 2 === 0 ? [UNCONTROLLED, control] : [control, UNCONTROLLED]
  const [a, b] = [await once(first), await once(second)]
  control.end()
  // The first round only warms the caches.
  if (round === 0) continue
  const isFreeFirst = first === UNCONTROLLED
  free.push(isFreeFirst ? a : b)
  held.push(isFreeFirst ? b : a)
}
fs.rmSync(path.join(folder, 'out'), { recursive: true, force: true })
await opened.close()
process.stdout.write(JSON.stringify({ free: median(free), held: median(held) }))
