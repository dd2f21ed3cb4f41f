// npm run ways -- [--only TEXT] [--from TEXT] [--processes] FOLDER…: every image of the folders (images/, truth/ as tests/images has them),
// put into every container, taken out by every way, compared with the truth by SHA-256. Hours for many images: --only picks,
// --from goes on at the first image whose name has the text. As many images at a time as there are processors. Commands
// share processes that stay; with --processes each is a program of its own.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import zlib from 'node:zlib'
import { decodersPlugin } from './decoders-plugin.mjs'
import { root } from './run.mjs'

const words = process.argv.slice(2)
const only = optionOf('--only')
let from = optionOf('--from')
const hasOwnProcesses = words.includes('--processes') && words.splice(words.indexOf('--processes'), 1).length > 0
const folders = words.length > 0 ? words : [path.join(root, 'tests/images')]
const { runnerImport } = await import('vite')
const { module } = await runnerImport(`${root}/tests/ways/matrix.ts`, {
  configFile: false,
  root,
  plugins: [decodersPlugin()],
  logLevel: 'error',
})

const seen = { images: 0, cells: 0, wrong: 0 }
const tell = () => {
  console.log(`${seen.images} images, ${seen.cells} cells, ${seen.wrong} differences`)
  process.exitCode = seen.wrong > 0 ? 1 : 0
}
// It takes hours: who ends it sooner is told how far it came.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    tell()
    console.log('Ended before the last image.')
    process.exit(130)
  })
const truths = allTruths()
if (!hasOwnProcesses) process.once('exit', module.keepProcesses())
await Promise.all(Array.from({ length: os.availableParallelism() }, tryImages))
tell()
// Its processes would wait for more to do.
process.exit()

/** The next image, until there is none. */
async function tryImages() {
  for await (const truth of truths) {
    const started = Date.now()
    for (const container of module.CONTAINERS) await tryContainer(container, truth)
    seen.images++
    const seconds = Math.round((Date.now() - started) / 1000)
    console.error(`${truth.name}: done after ${seconds} s, ${seen.images} images, ${seen.cells} cells`)
  }
}

function optionOf(name) {
  const at = words.indexOf(name)
  return at < 0 ? '' : (words.splice(at, 2)[1] ?? '')
}

async function* allTruths() {
  for (const folder of folders) yield* truthsIn(folder)
}

async function tryContainer(container, truth) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-ways-'))
  try {
    for await (const cell of module.commandCells(container, truth, folder)) {
      if (cell.problem?.startsWith('skipped')) continue
      seen.cells++
      if (cell.problem === null) continue
      seen.wrong++
      console.log(`${truth.name}: ${cell.container}, ${cell.way}: ${cell.problem}`)
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

async function* truthsIn(folder) {
  const truths = path.join(folder, 'truth')
  const images = fs.existsSync(path.join(folder, 'images')) ? path.join(folder, 'images') : folder
  const index = indexOf(folder)
  for (const name of fs.readdirSync(images, { recursive: true }).sort()) {
    const image = name.replace(/\.zst$/, '')
    const file = path.join(truths, `${image.replaceAll(path.sep, '__')}.tsv`)
    const row = index.get(image)
    if (image.includes(from)) from = ''
    if (from !== '' || !image.includes(only) || row?.isWhole === false || !fs.existsSync(file)) continue
    const packed = fs.readFileSync(path.join(images, name))
    const bytes = name.endsWith('.zst') ? zlib.zstdDecompressSync(packed) : packed
    try {
      // A truth without sums has nothing to compare whole files with.
      const truth = await module.readTruth(file, image, bytes, row?.inside)
      if (truth !== null) yield truth
    } catch (error) {
      if (error.details?.reason !== 'siblingMissing') throw error
      // What it needs beside it cannot go into containers with it.
      console.error(`${image}: left out, it needs “${error.details.file}” beside it`)
    }
  }
}

/**
 * What INDEX.tsv says of each image: the path of what is to be entered in it, and whether all its truth is in this one
 * file. That of an image that was cut off or damaged is that of the whole one: it tells of files that are not there.
 */
function indexOf(folder) {
  const file = path.join(folder, 'INDEX.tsv')
  const [head = '', ...lines] = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n') : []
  const columns = head.split('\t')
  return new Map(
    lines.map((line) => {
      const cells = line.split('\t')
      const cell = (column) => cells[columns.indexOf(column)] ?? ''
      const isWhole = !/^(?:cut-as|damaged-as|part-of|refuse|calm)\b/.test(cell('truth')) && cell('beside') === ''
      return [cell('image'), { isWhole, inside: cell('inside').split('|').filter(Boolean) }]
    }),
  )
}
