// `npm run bench [-- --only TEXT] [--runs N] [--large] [--write]`: measures Isolde against the programs that are
// installed, interleaved in one run, and prints medians and ratios. Nothing here passes or fails.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandLine, isInstalled, median, timed } from './measure.mjs'
import { makeDisk, makeImages } from './images.mjs'
import { measureCatalog } from './catalog.mjs'
import { measureEngine } from './engine.mjs'
import { measureJobs } from './jobs.mjs'
import { measureNested } from './nested.mjs'
import { measurePictures } from './pictures.mjs'
import { measureWindow } from './window.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const runs = Number(flag('runs', 5))
const only = flag('only', '')
const isLarge = process.argv.includes('--large')
const scratch = fs.mkdtempSync(path.join(path.resolve(flag('scratch', os.tmpdir())), 'isolde-bench-'))
process.on('exit', () => fs.rmSync(scratch, { recursive: true, force: true }))

const out = path.join(scratch, 'out')
const memory = '/dev/shm'
const images = makeImages(isLarge)
const rows = []

/**
 * Times each command in turns, so that whatever else the machine does falls on all of them alike: what the one before
 * has left behind, in memory above all, meets everybody about equally often.
 */
async function compare(title, commands, { prepare = () => undefined, limit, group = '' } = {}) {
  if (!title.includes(only) && group !== only) return
  const known = commands.filter(({ program }) => isInstalled(program))
  const times = new Map(known.map(({ name }) => [name, []]))
  const peaks = new Map()
  for (let run = 0; run <= runs; run++)
    for (const command of shuffled(known)) {
      await prepare(command)
      const { seconds, peakBytes, status } = timed(command)
      if (status !== 0) throw new Error(`${command.name} failed in “${title}” (${status})`)
      // The first round only warms the caches.
      if (run > 0) times.get(command.name).push(seconds)
      peaks.set(command.name, Math.max(peaks.get(command.name) ?? 0, peakBytes))
    }
  const own = median(times.get('isolde'))
  const others = known
    .filter(({ name }) => name !== 'isolde')
    .map(({ name }) => ({ name, seconds: median(times.get(name)) }))
  others.sort((a, b) => a.seconds - b.seconds)
  const ratios = others.map(({ name, seconds }) => `${(own / seconds).toFixed(2)}× ${name} (${seconds.toFixed(2)} s)`)
  note(
    title,
    `${own.toFixed(2)} s`,
    ratios.join(', ') || 'nobody to compare with',
    limit,
    `${Math.round(peaks.get('isolde') / 1e6)} MB`,
  )
}

/** In any order: whoever always follows the same one meets what that has left behind, a busy disk above all. */
function shuffled(commands) {
  const left = [...commands]
  return commands.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0])
}

function note(title, own, against, limit = '', peak = '') {
  rows.push({ title, own, against, limit, peak })
  console.log(
    `${title.padEnd(46)} ${own.padStart(9)}  ${against}${limit ? `   [${limit}]` : ''}${peak ? `   ${peak}` : ''}`,
  )
}

for (const [count, image] of [
  ['100 000', images.entries100k],
  ['1 000 000', images.entries1m],
]) {
  if (!image) continue
  await compare(
    `list ${count} entries`,
    [
      commandLine('isolde', ['list', image]),
      { name: 'bsdtar', program: 'bsdtar', args: ['-tf', image] },
      { name: '7zz', program: '7zz', args: ['l', '-ba', image] },
      { name: 'xorriso', program: 'xorriso', args: ['-indev', image, '-find', '/'] },
    ],
    { limit: 'aim: ≤ 1.0× of the fastest' },
  )
}

const SEARCH = 'find lost images on 2 GiB'
if (SEARCH.includes(only)) {
  const disk = makeDisk()
  await compare(
    SEARCH,
    [
      commandLine('isolde', ['find', disk]),
      { name: 'dd', program: 'dd', args: [`if=${disk}`, 'of=/dev/null', 'bs=4M', 'status=none'] },
    ],
    // Nobody has a whole disk in memory.
    { prepare: () => forget(disk), limit: 'aim: ≤ 1.25× of dd' },
  )
}

/** Has the system forget what it keeps of a file in memory. */
function forget(file) {
  spawnSync('dd', [`of=${file}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0', 'status=none'])
}

const places = [
  ['the disk', out],
  ...(fs.existsSync(memory) ? [['memory', path.join(fs.mkdtempSync(`${memory}/isolde-bench-`), 'out')]] : []),
]
process.on('exit', () => {
  for (const [, folder] of places.slice(1)) fs.rmSync(path.dirname(folder), { recursive: true, force: true })
})
const empty = (folder) => (command) => {
  fs.rmSync(folder, { recursive: true, force: true })
  // What the one before has written is the disk's by now: it must not be the next one's to wait for.
  if (folder === out) spawnSync('sh', ['-c', 'sync; sleep 1'])
  if (command.name !== 'isolde') fs.mkdirSync(folder)
}
for (const [what, image, limit] of [
  ['50 000 small files', images.small, 'aim: ≤ 0.9× of the faster'],
  ['a mixed tree', images.mixed, 'aim: ≤ 1.0× of the faster'],
  ['one 4 GiB file', images.oneLarge, 'aim: ≤ 1.1× of bsdtar, ≤ 1.3× of dd'],
  ['zisofs, 0.15 GB,', images.zisofs, 'aim: ≤ 1.0× of bsdtar'],
  ['zisofs, 1 GB,', images.zisofsLarge, 'aim: ≤ 1.0× of bsdtar'],
]) {
  if (!image) continue
  for (const [place, folder] of places) {
    const commands = [
      commandLine('isolde', ['extract', image, '--to', folder, '-q']),
      { name: 'bsdtar', program: 'bsdtar', args: ['-xf', image, '-C', folder] },
    ]
    if (!what.startsWith('zisofs'))
      commands.push({ name: '7zz', program: '7zz', args: ['x', '-y', `-o${folder}`, image] })
    if (what === 'one 4 GiB file')
      commands.push({ name: 'dd', program: 'dd', args: [`if=${image}`, `of=${path.join(folder, 'copy')}`, 'bs=4M'] })
    await compare(`extract ${what} to ${place}`, commands, { prepare: empty(folder), limit })
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

if (only === '' || 'nested'.includes(only) || /SquashFS|WIM|EROFS/.test(only))
  await measureNested(
    (title, commands, options) => compare(title, commands, { ...options, group: 'nested' }),
    places.at(-1)[1],
  )

if ('zip'.includes(only) && images.small)
  for (const [place, folder] of places) {
    const archive = path.join(folder, 'out.zip')
    const unpacked = path.join(folder, 'unpacked')
    const prepare = () => {
      fs.rmSync(folder, { recursive: true, force: true })
      fs.mkdirSync(folder, { recursive: true })
    }
    // 7-Zip packs files only: it has to unpack them first.
    const both = '7zz x -y -o"$1" "$2" > /dev/null && cd "$1" && 7zz a -tzip "$3" . > /dev/null'
    const commands = [
      commandLine('isolde', ['extract', images.small, '--format', 'zip', '--to', archive, '-q']),
      { name: '7zz', program: 'sh', args: ['-c', both, 'sh', unpacked, images.small, archive] },
    ]
    await compare(`pack 50 000 small files as zip, ${place}`, commands, { prepare, limit: 'aim: ≤ 0.8× of 7zz' })
    prepare()
    fs.rmSync(folder, { recursive: true, force: true })
  }

if ('create'.includes(only) || only.startsWith('create')) {
  const folder = path.join(scratch, 'many')
  for (let index = 0; index < 50_000; index++) {
    const own = path.join(folder, `folder ${Math.floor(index / 500)}`)
    if (index % 500 === 0) fs.mkdirSync(own, { recursive: true })
    fs.writeFileSync(path.join(own, `file number ${index}.txt`), `${index} `.repeat(40))
  }
  const made = path.join(scratch, 'made.iso')
  const prepare = () => fs.rmSync(made, { force: true })
  const others = [
    { name: 'genisoimage', program: 'genisoimage', args: ['-quiet', '-r', '-J', '-udf', '-o', made, folder] },
    { name: 'xorriso', program: 'xorriso', args: ['-as', 'mkisofs', '-quiet', '-r', '-J', '-o', made, folder] },
  ]
  const { program, args } = commandLine('isolde', ['create', '-', folder, '-q'])
  // To a pipe nothing is read back.
  const piped = {
    name: 'isolde',
    program: 'sh',
    args: ['-c', 'out=$1; shift; exec "$@" > "$out"', 'sh', made, program, ...args],
  }
  const limit = 'aim: ≤ 0.8× genisoimage, ≤ 0.5× xorriso'
  await compare('create an image of 50 000 small files', [piped, ...others], { prepare, limit })
  const whole = commandLine('isolde', ['create', made, folder, '-q'])
  await compare('create the same, and read it back', [whole, ...others], { prepare })
  prepare()
  fs.rmSync(folder, { recursive: true, force: true })
}

if ('catalog'.includes(only) || only === '')
  for (const result of await measureCatalog(images, scratch, runs, isLarge)) note(...result)

if ('jobs'.includes(only) || only === '')
  for (const result of await measureJobs(images, scratch, path.dirname(places.at(-1)[1]), runs)) note(...result)

if ('engine'.includes(only) || only === '')
  for (const result of await measureEngine(images, scratch, runs)) note(...result)

if ('pictures'.includes(only) || only === '') {
  const [image, count] = images.entries1m ? [images.entries1m, '1 000 000'] : [images.entries100k, '100 000']
  for (const result of await measurePictures(image, count, scratch)) note(...result)
}
if ('window'.includes(only) || only === '') for (const result of measureWindow(scratch)) note(...result)

if (process.argv.includes('--write')) {
  const cpu = os.cpus()
  const table = [
    '# Performance',
    '',
    'Written by `npm run bench -- --large --write`; medians, runs interleaved, caches warm. Ratios count, seconds only tell of this machine:',
    `${cpu.length} × ${cpu[0]?.model.trim() ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.type()} ${os.release()}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`,
    '',
    '| what | Isolde | against | aim | peak memory |',
    '|---|---|---|---|---|',
    ...rows.map(
      (row) => `| ${row.title} | ${row.own} | ${row.against} | ${row.limit.replace('aim: ', '')} | ${row.peak} |`,
    ),
    '',
  ]
  fs.writeFileSync(new URL('../../docs/performance.md', import.meta.url), table.join('\n'))
}
