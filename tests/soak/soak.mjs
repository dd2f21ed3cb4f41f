// The load run: 50 images, 20 jobs and 10 windows at once over the web host, on the loopback address only. Each window
// scrolls, looks and reads as fast as a person with a held key would. At the end all is closed, and the memory of the
// engine must be back. Exit status 0 where every promise below is kept.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { runnerImport } from 'vite'
import { WebSocket } from 'ws'
import { root } from '../../scripts/run.mjs'

const IMAGES = 50
const JOBS = 20
const WINDOWS = 10
/** A held key asks this often. */
const ASK_EVERY_MS = 50
/** Milliseconds for what a window asks, at the 95th of a hundred. */
const P95_MS = 20
const MEMORY_FACTOR = 1.3
/** Within which memory must be back after everything is closed. */
const BACK_WITHIN_MS = 30_000

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : Number(process.argv[at + 1])
}
const seconds = flag('seconds', 60)

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const load = async (file) =>
  (await runnerImport(`${root}/${file}`, { configFile: false, root, logLevel: 'error' })).module
const { encodeFrame, decodeFrame } = await load('src-shared/contract/wire.ts')
const { namedIso } = await load('tests/images/named-iso.ts')

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-soak-'))
const failures = []
const times = []
let errorCount = 0

function failed(sentence) {
  failures.push(sentence)
  console.log(`FAIL  ${sentence}`)
}

function need(isKept, sentence) {
  if (isKept) console.log(`ok    ${sentence}`)
  else failed(sentence)
}

/** Folders of small files, no two images alike. */
function writeImage(number) {
  const tree = {}
  for (let folder = 0; folder < 12; folder++) {
    // Names with a full stop: the identifiers of these images, which have none, may be of any of them.
    const items = (tree[`folder.${folder}`] = {})
    for (let file = 0; file < 40; file++)
      items[`file ${number}-${folder}-${file}.txt`] = `${number} ${folder} ${file} `.repeat(60)
  }
  tree['large.bin'] = new Uint8Array(2 << 20).fill(number)
  const file = path.join(scratch, `image ${number}.iso`)
  fs.writeFileSync(file, namedIso(tree, `SOAK${number}`))
  return file
}

/** One window: a socket of its own, with calls that are answered by number. */
class Window {
  static async open(address, cookie) {
    const { host, origin } = new URL(address)
    const socket = new WebSocket(`ws://${host}/engine`, { headers: { cookie, origin } })
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return new Window(socket)
  }

  constructor(socket) {
    this.socket = socket
    this.waiting = new Map()
    this.listeners = new Map()
    this.lastId = 0
    socket.on('message', (bytes) => {
      const message = decodeFrame(new Uint8Array(bytes))
      if (message.type === 'event') return this.listeners.get(message.name)?.(message.payload)
      const { resolve, reject } = this.waiting.get(message.id)
      this.waiting.delete(message.id)
      if (message.result.ok) resolve(message.result.value)
      else reject(Object.assign(new Error(message.result.error.message), { code: message.result.error.code }))
    })
  }

  call(name, input) {
    const id = ++this.lastId
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject })
      this.socket.send(encodeFrame({ type: 'command', id, name, input }))
    })
  }

  async timed(name, input) {
    const start = performance.now()
    const answer = await this.call(name, input)
    times.push(performance.now() - start)
    return answer
  }

  close() {
    this.socket.close()
  }
}

/** Resident memory of the host and of all that it has started, in bytes; and their open descriptors. */
function usage(processId) {
  const seen = { bytes: 0, descriptors: 0, each: [] }
  const look = (id) => {
    try {
      const bytes = Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) * 1024
      seen.bytes += bytes
      seen.each.push(bytes)
      seen.descriptors += fs.readdirSync(`/proc/${id}/fd`).length
      for (const thread of fs.readdirSync(`/proc/${id}/task`))
        for (const child of fs.readFileSync(`/proc/${id}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean))
          look(child)
    } catch {
      // It has ended meanwhile.
    }
  }
  look(processId)
  return seen
}

const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`

async function start() {
  const child = spawn(process.execPath, [path.join(root, 'bin/isolde.mjs'), 'serve', '--no-open'], {
    env: { ...process.env, ISOLDE_HOME: path.join(scratch, 'home') },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const address = await new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (bytes) => {
      text += bytes
      if (text.includes('\n')) resolve(text.trim())
    })
    child.once('exit', (code) => reject(new Error(`isolde serve has ended with ${code}.`)))
  })
  return { child, address }
}

async function cookieOf(address) {
  const answer = await fetch(address, { redirect: 'manual' })
  return answer.headers.get('set-cookie').split(';')[0]
}

/** Scrolls, looks and reads in one of its images after another until the time is over. */
async function use(window, images, until) {
  for (let turn = 0; Date.now() < until; turn++) {
    const asked = performance.now()
    const { image, generation, info } = images[turn % images.length]
    const ref = { image, generation, view: info.defaultViewId }
    try {
      const top = await window.timed('image.rows', { ...ref, directory: 0, offset: 0, limit: 100 })
      const folder = top.rows.find((row) => row.kind === 'directory')
      if (folder) {
        const { rows } = await window.timed('image.rows', {
          ...ref,
          directory: folder.entry,
          offset: turn % 20,
          limit: 100,
        })
        if (rows[0]) {
          await window.timed('entry.details', { ...ref, entry: rows[0].entry })
          await window.timed('entry.read', { ...ref, entry: rows[0].entry, byteOffset: 0, byteLength: 4096 })
        }
      }
    } catch (error) {
      errorCount++
      if (errorCount <= 5) console.log(`error ${error.code ?? ''} ${error.message}`)
    }
    await wait(Math.max(0, ASK_EVERY_MS - (performance.now() - asked)))
  }
}

/** Every other one into an archive. */
function startOf(number, { conflicts, ...spec }) {
  return number % 4 === 2
    ? { kind: 'archive', spec: { ...spec, format: 'zip' } }
    : { kind: 'extract', spec: { ...spec, conflicts } }
}

/** Jobs of every kind, spread over the run. */
async function startJobs(window, images, until) {
  const jobs = []
  for (let number = 0; number < JOBS; number++) {
    const { image, generation, info } = images[number % images.length]
    const destination = path.join(scratch, 'out', String(number))
    fs.mkdirSync(destination, { recursive: true })
    const view = info.defaultViewId
    const extraction = { image, generation, view, entries: null, destination, conflicts: 'rename' }
    const answer =
      number % 4 === 3
        ? await window.call('job.start', { kind: 'verify', spec: { image, generation, view } })
        : await window.call('job.start', startOf(number, extraction))
    jobs.push(answer.job)
    await wait(Math.max(0, (until - Date.now() - 5000) / (JOBS - number)))
  }
  return jobs
}

async function ended(window, jobs) {
  for (;;) {
    const list = (await window.call('job.list', {})).jobs
    const own = list.filter(({ id }) => jobs.includes(id))
    if (own.every(({ state }) => state === 'done' || state === 'failed' || state === 'cancelled')) return own
    await wait(100)
  }
}

const files = Array.from({ length: IMAGES }, (_, number) => writeImage(number))
const { child, address } = await start()
try {
  const cookie = await cookieOf(address)
  const windows = []
  for (let number = 0; number < WINDOWS; number++) windows.push(await Window.open(address, cookie))
  // What is loaded at the first use of anything belongs to the start.
  const first = await windows[0].call('image.open', { location: { kind: 'path', path: files[0], inside: [] } })
  const warm = await startJobs(windows[0], [first], Date.now())
  await ended(windows[0], warm)
  for (const job of warm) await windows[0].call('job.dismiss', { job })
  await windows[0].call('image.close', { image: first.image })
  fs.rmSync(path.join(scratch, 'out'), { recursive: true, force: true })
  await wait(3000)
  const before = usage(child.pid)

  const images = []
  for (const [number, file] of files.entries())
    images.push(
      await windows[number % WINDOWS].call('image.open', { location: { kind: 'path', path: file, inside: [] } }),
    )
  const until = Date.now() + seconds * 1000
  let peak = before.bytes
  const watch = setInterval(() => {
    peak = Math.max(peak, usage(child.pid).bytes)
  }, 500)
  const [jobs] = await Promise.all([
    startJobs(windows[0], images, until),
    ...windows.map((window, number) =>
      use(
        window,
        images.filter((_, at) => at % WINDOWS === number),
        until,
      ),
    ),
  ])
  const outcomes = await ended(windows[0], jobs)
  clearInterval(watch)

  for (const job of jobs) await windows[0].call('job.dismiss', { job })
  for (const [number, { image }] of images.entries()) await windows[number % WINDOWS].call('image.close', { image })
  for (const window of windows.slice(1)) window.close()
  let after = usage(child.pid)
  for (const end = Date.now() + BACK_WITHIN_MS; Date.now() < end && after.bytes > before.bytes * MEMORY_FACTOR;) {
    await wait(500)
    after = usage(child.pid)
  }
  windows[0].close()

  times.sort((a, b) => a - b)
  const p95 = times[Math.floor(times.length * 0.95)] ?? Infinity
  console.log(
    `${times.length} calls, median ${(times[times.length >> 1] ?? 0).toFixed(1)} ms; memory ${megabytes(before.bytes)} → ` +
      `${megabytes(peak)} → ${megabytes(after.bytes)}; descriptors ${before.descriptors} → ${after.descriptors}`,
  )
  need(p95 <= P95_MS, `95 of 100 answers within ${P95_MS} ms (${p95.toFixed(1)} ms)`)
  need(errorCount === 0, `no call fails (${errorCount} of ${times.length + errorCount})`)
  const bad = outcomes.filter(({ state, result }) => state !== 'done' || (result?.problems ?? 0) > 0)
  for (const { kind, state, error, problems } of bad.slice(0, 5))
    console.log(`job ${kind} ${state} ${error?.message ?? ''} ${JSON.stringify(problems.slice(0, 3))}`)
  need(outcomes.length === JOBS && bad.length === 0, `every job is done (${outcomes.length - bad.length} of ${JOBS})`)
  need(
    after.bytes <= before.bytes * MEMORY_FACTOR,
    `memory is back within ${MEMORY_FACTOR} × of the start (${(after.bytes / before.bytes).toFixed(2)} ×)`,
  )
  const list = ({ each }) => each.map(megabytes).join(', ')
  console.log(`command, host and engine at the start: ${list(before)}; at the end: ${list(after)}`)
  need(after.descriptors <= before.descriptors + 8, 'no descriptor is left open')
} finally {
  child.kill('SIGTERM')
  await new Promise((resolve) => child.once('exit', resolve))
  fs.rmSync(scratch, { recursive: true, force: true })
}
process.exitCode = failures.length === 0 ? 0 : 1
