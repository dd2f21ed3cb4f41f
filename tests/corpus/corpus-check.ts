import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import {
  MemoryByteSource,
  NotAnImageError,
  openImage,
  type ByteSource,
  type DiscImage,
  type EntryTable,
} from '../../src-main/image'
import { scratch } from '../images/open-bytes'

/** One line of INDEX.tsv or manifest.tsv. */
export interface CorpusImage {
  name: string
  truth: string
  views: string[]
  notes: string
}

/** Where the witness is known to be wrong: how many entries more there are, and why. */
const MORE_THAN_THE_WITNESS: Record<string, number> = {
  // Linux drops a file whose continuation area leads back to itself. SUSP 5.1 makes the area part of the record: the file
  // is there, with what was recorded before the loop.
  'third_party/libarchive/test_read_format_iso_rockridge_ce_loop.iso': 1,
}

interface Expected {
  kind: string
  size: number | null
  sha: string | null
  target: string | null
}

/** Everything wrong with how one image is read; empty where all is well. */
export async function checkImage(corpus: string, image: CorpusImage): Promise<string[]> {
  const bytes = readImage(corpus, image.name)
  const name = path.basename(image.name)
  let opened: DiscImage
  try {
    opened = await openImage(new MemoryByteSource(bytes), {
      name,
      openSibling: siblingsOf(corpus, image.name),
      ...scratch,
    })
  } catch (error) {
    if (!(error instanceof NotAnImageError)) throw error
    return ['refuse', 'none', 'disputed'].includes(image.truth) ? [] : [`refused: ${error.message}`]
  }
  if (image.truth === 'refuse') return ['should be refused']
  if (image.truth === 'none' || image.truth === 'disputed') {
    for (const view of opened.info.views) await opened.view(view.id).readTree()
    return []
  }
  const truth = readTruth(corpus, image.name)
  const problems: string[] = []
  for (const view of image.views) {
    const found = await compareView(opened, view, truth.get(view) ?? new Map<string, Expected>(), image)
    problems.push(...found.map((problem) => `[${view}] ${problem}`))
  }
  return problems
}

async function compareView(
  image: DiscImage,
  view: string,
  expected: Map<string, Expected>,
  { name: imageName, truth, notes }: CorpusImage,
): Promise<string[]> {
  if (!image.info.views.some((info) => info.id === view)) return ['no such view']
  const cut = truth.startsWith('cut-as')
  const slack = notes.includes('tab or newline')
  const plain = view.split('@')[0]
  const fold =
    plain === 'iso9660' || notes.includes('case free') ? looseName : plain === 'joliet' ? noLastDot : (s: string) => s
  const table = await image.view(view).readTree()
  const problems: string[] = [...treeProblems(table)]
  const got = new Map<string, number>()
  const ambiguous = new Set<string>()
  for (let index = 1; index < table.length; index++) {
    const name = fold(table.pathOf(index))
    // Names that differ in case alone fall together in a witness that lower-cases: it can speak for neither.
    if (got.has(name)) ambiguous.add(name)
    got.set(name, index)
  }
  const want = new Map([...expected].map(([key, value]) => [fold(key), value]))
  for (const [name, wanted] of want) {
    if (name.includes('\uFFFD')) continue
    const index = got.get(name)
    if (index === undefined) {
      if (!isOptional(name) && !(slack && /(^|\/)(newline|tab|name\.txt)$/.test(name))) problems.push(`missing ${name}`)
      continue
    }
    const comparable = ambiguous.has(name) ? { ...wanted, size: null, sha: null } : wanted
    problems.push(...(await compareEntry(image, view, table, index, name, comparable, cut)))
  }
  const strange =
    [...want.keys()].filter((name) => name.includes('\uFFFD')).length +
    (slack ? 4 : 0) +
    (MORE_THAN_THE_WITNESS[imageName] ?? 0)
  const extra = [...got.keys()].filter((name) => !want.has(name) && !isOptional(name))
  if (extra.length > strange) problems.push(`${extra.length - strange} entries too many, such as ${extra[0]}`)
  return problems
}

async function compareEntry(
  image: DiscImage,
  view: string,
  table: EntryTable,
  index: number,
  name: string,
  wanted: Expected,
  cut: boolean,
): Promise<string[]> {
  const kind = table.kindOf(index)
  if (kind !== wanted.kind) return [`${name}: kind ${kind}, should be ${wanted.kind}`]
  if (kind === 'symlink' && wanted.target !== null && !wanted.target.includes('\uFFFD')) {
    const target = table.targetOf(index)
    if (target !== wanted.target) return [`${name}: target ${target}, should be ${wanted.target}`]
  }
  const found = await image.view(view).lookup(table.pathOf(index))
  if (found === null) return [`${name}: listed, but lookup does not find it`]
  if (kind !== 'file') return []
  const size = table.byteLengthOf(index)
  if (wanted.size !== null && size !== wanted.size) return [`${name}: size ${size}, should be ${wanted.size}`]
  if (found.entry.byteLength !== size) return [`${name}: lookup says ${found.entry.byteLength} bytes, the tree ${size}`]
  if (wanted.sha === null || (cut && table.statusOf(index) !== 'complete')) return []
  const sha = await sha256(table.content(index))
  return sha === wanted.sha ? [] : [`${name}: wrong bytes${cut ? ' in a file said to be whole' : ''}`]
}

/** What every table promises, whatever the image. */
export function treeProblems(table: EntryTable): string[] {
  const problems: string[] = []
  const paths = new Set<string>()
  for (let index = 1; index < table.length; index++) {
    const entryPath = table.pathOf(index)
    const parent = table.parentOf(index)
    const first = table.firstChildOf(parent)
    if (parent >= index) problems.push(`${entryPath}: before its folder`)
    if (index < first || index >= first + table.childCountOf(parent)) problems.push(`${entryPath}: outside its folder`)
    if (paths.has(entryPath)) problems.push(`${entryPath}: twice`)
    if (/(^|\/)(\.{0,2})(\/|$)|\0/.test(entryPath)) problems.push(`${JSON.stringify(entryPath)}: unsafe`)
    paths.add(entryPath)
  }
  return problems
}

async function sha256(content: ByteSource | null): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; content !== null && at < content.byteLength;) {
    const bytes = await content.read(at, 1 << 20)
    if (bytes.byteLength === 0) break
    hash.update(bytes)
    at += bytes.byteLength
  }
  return hash.digest('hex')
}

export function readIndex(file: string): CorpusImage[] {
  const lines = fs.readFileSync(file, 'utf8').split('\n').slice(1).filter(Boolean)
  return lines.map((line) => {
    const columns = line.split('\t')
    const views = (columns[4] ?? '').split(' ').filter(Boolean)
    return {
      name: columns[0] ?? '',
      truth: columns[3] ?? '',
      views: views.map((view) => view.split('=')[0] ?? ''),
      notes: columns[8] ?? '',
    }
  })
}

function readTruth(corpus: string, image: string): Map<string, Map<string, Expected>> {
  const views = new Map<string, Map<string, Expected>>()
  const file = path.join(corpus, 'truth', `${image.replaceAll('/', '__')}.tsv`)
  if (!fs.existsSync(file)) return views
  for (const line of fs.readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue
    const [view = '', name = '', kind = '', size = '-', sha = '-', target = ''] = line.split('\t')
    const entries = views.get(view) ?? new Map<string, Expected>()
    views.set(view, entries)
    entries.set(unescapeName(name), {
      kind,
      size: size === '-' ? null : Number(size),
      sha: sha === '-' ? null : sha,
      // A witness that told a time instead of a target has told nothing.
      target: target === '' || /^\d{6,}$/.test(target) ? null : target,
    })
  }
  return views
}

export function readImage(corpus: string, name: string): Uint8Array {
  for (const folder of ['images', '.']) {
    const file = path.join(corpus, folder, name)
    if (fs.existsSync(file)) return fs.readFileSync(file)
    if (fs.existsSync(`${file}.zst`)) {
      return zlib.zstdDecompressSync(fs.readFileSync(`${file}.zst`), { maxOutputLength: 2 ** 31 })
    }
  }
  throw new Error(`${name} is not in ${corpus}`)
}

function siblingsOf(corpus: string, image: string) {
  return (name: string): Promise<ByteSource | null> => {
    if (name.includes('/')) return Promise.resolve(null)
    const other = path.join(path.dirname(image), name)
    try {
      return Promise.resolve(new MemoryByteSource(readImage(corpus, other)))
    } catch {
      return Promise.resolve(null)
    }
  }
}

const isOptional = (name: string): boolean =>
  ['rr_moved', '.rr_moved', 'RR_MOVED', 'lost+found'].includes(name.split('/')[0] ?? '')

const unescapeName = (name: string): string =>
  name.replace(/\\([\\tnr])/g, (whole, letter: string) => ({ '\\': '\\', t: '\t', n: '\n', r: '\r' })[letter] ?? whole)

/** Plain ISO 9660 names: the witness lower-cases, drops `;1` and a last dot, and shows `;` as `.`. */
const looseName = (name: string): string =>
  name
    .toLowerCase()
    .split('/')
    .map((part) => part.replace(/;\d+$/, '').replace(/\.$/, '').replaceAll(';', '.'))
    .join('/')

const noLastDot = (name: string): string =>
  name
    .split('/')
    .map((part) => part.replace(/\.+$/, ''))
    .join('/')
