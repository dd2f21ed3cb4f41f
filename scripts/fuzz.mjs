// npm run fuzz -- --runs N --seed S: opens N images that were changed where it hurts. Each run has a seed of its own,
// printed when it fails; `--seed` of that number with `--runs 1` repeats it. A run that hangs is told, too.
import { fork } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundle } from './bundle.mjs'
import { root } from './run.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const runs = flag('runs', 500)
const first = flag('seed', Math.floor(Math.random() * 2 ** 31))
/** Megabytes that the readers' objects may take: an image of two megabytes has no business beyond that. */
const HEAP_LIMIT = 128
/** Milliseconds without a word from the child before it counts as hanging. */
const PATIENCE = 30_000

if (process.send !== undefined) await child()
else await parent()

async function child() {
  // The bundle: what is measured here is the readers, not the compiler.
  const { fuzzOnce } = await import(pathToFileURL(process.env.ISOLDE_FUZZ_BUNDLE).href)
  for (let seed = first; seed < first + runs; seed++) {
    process.send({ seed })
    const outcome = await fuzzOnce(seed, path.join(root, 'tests', 'images'))
    process.send({ seed, ...outcome, memory: process.memoryUsage().rss })
  }
  process.disconnect()
}

async function parent() {
  const started = performance.now()
  const seen = { failures: 0, entries: 0, slowest: 0, memory: 0, done: 0 }
  const bundled = await bundle('tests/hostile/fuzz-run.ts')
  let next = first
  while (next < first + runs) next = await watch(next, seen, bundled)
  fs.rmSync(path.dirname(bundled), { recursive: true, force: true })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const memory = Math.round(seen.memory / 1e6)
  console.log(
    `${seen.done} runs from seed ${first}: ${seen.failures} failed; ${seconds} s, slowest ${Math.round(seen.slowest)} ms, at most ${memory} MB`,
  )
  process.exitCode = seen.failures > 0 ? 1 : 0
}

/** One child until it is through or lost; answers the seed to go on with. */
function watch(from, seen, bundled) {
  return new Promise((resolve) => {
    const worker = fork(
      fileURLToPath(import.meta.url),
      ['--seed', String(from), '--runs', String(first + runs - from)],
      {
        // A small nursery, so that what one run leaves behind does not stand beside the next ones' for long.
        execArgv: [`--max-old-space-size=${HEAP_LIMIT}`, '--max-semi-space-size=4'],
        cwd: root,
        env: { ...process.env, ISOLDE_FUZZ_BUNDLE: bundled },
      },
    )
    let current = from
    let timer
    const fail = (seed, text) => {
      seen.failures++
      console.log(`seed ${seed}: ${text}`)
    }
    const patience = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        fail(current, `no end after ${PATIENCE / 1000} s`)
        worker.removeAllListeners('exit')
        worker.kill('SIGKILL')
        resolve(current + 1)
      }, PATIENCE)
    }
    patience()
    worker.on('message', (message) => {
      patience()
      current = message.seed
      if (message.problems === undefined) return
      seen.done++
      seen.slowest = Math.max(seen.slowest, message.milliseconds)
      seen.memory = Math.max(seen.memory, message.memory)
      if (message.problems.length > 0)
        fail(message.seed, `${message.image}: ${message.problems.slice(0, 3).join(' | ')}`)
    })
    worker.on('exit', (code) => {
      clearTimeout(timer)
      if (code === 0) return resolve(first + runs)
      fail(current, `the process ended with ${code}`)
      resolve(current + 1)
    })
  })
}
