import fs from 'node:fs'
import path from 'node:path'
import type { DiscImage } from '../../src-main/image'
import { openBytes, readAll, scratch } from '../images/open-bytes'
import type { EngineProcess } from '../unit/engine/engine-process'
import { CONTAINERS, UnfitError, type Container, type Opened } from './containers'
import { COMMAND_WAYS, ENGINE_WAYS, hashes, keepProcesses, type Sums, type ViewRef } from './ways'

/** An image with what its files are, by somebody else's word. */
export interface Truth {
  name: string
  bytes: Uint8Array
  /** Of the view that is shown first. */
  sums: Sums
  /** Names are compared too. Off for images whose names no system takes as they are: then contents alone are. */
  hasPlainNames: boolean
  /** Paths of images inside of it, outermost first: the last one holds the files. */
  inside?: readonly string[]
}

/**
 * Reads what `truth/` says of an image, or of one inside of it: view, path, kind, length, SHA-256, a tab between.
 * @returns of the view that the program shows first, or of the first one where that is not told of; null without sums
 */
export async function readTruth(
  file: string,
  name: string,
  bytes: Uint8Array,
  inside: readonly string[] = [],
): Promise<Truth | null> {
  const rows = fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split('\t'))
  const image = await openInside(bytes, name, inside)
  const views = rows.map(([of = '']) => of).filter((of) => of !== '')
  const view = views.find((of) => of === image.info.defaultViewId) ?? views[0]
  const sums: Sums = new Map()
  for (const [of, entry = '', kind, , sum = ''] of rows) {
    if (kind !== 'file' || of !== view) continue
    // A name or a sum that its witness could not give is compared with nothing.
    if (!/^[0-9a-f]{64}$/.test(sum)) return null
    sums.set(
      entry.replace(/\\(.)/g, (_, letter: string) => ({ t: '\t', n: '\n' })[letter] ?? letter),
      sum,
    )
  }
  return sums.size === 0 ? null : { name, bytes, sums, hasPlainNames: false, inside }
}

async function openInside(bytes: Uint8Array, name: string, inside: readonly string[]): Promise<DiscImage> {
  const image = await openBytes(bytes, { name: path.basename(name), ...scratch })
  const [next, ...further] = inside
  if (next === undefined) return image
  const found = await image.view(image.info.defaultViewId).lookup(next)
  return openInside(await readAll(found?.content), next, further)
}

/** What differs from the truth, a line each. */
export function differences(
  { sums: truth, hasPlainNames }: Truth,
  found: Sums,
  names: Iterable<string> = truth.keys(),
): string[] {
  const wrong: string[] = []
  if (!hasPlainNames) {
    const contents = new Set(found.values())
    for (const name of names)
      if (!contents.has(truth.get(name) ?? '')) wrong.push(`the content of “${name}” is missing`)
    const right = new Set(truth.values())
    // Resource forks are shown as files of their own, which a list of files does not have.
    for (const [name, sum] of found)
      if (!right.has(sum) && !/(?:^|\/)\._[^/]+$/.test(name)) wrong.push(`“${name}” has bytes of no file`)
    return wrong
  }
  for (const name of names) {
    const sum = found.get(name)
    if (sum === undefined) wrong.push(`“${name}” is missing`)
    else if (sum !== truth.get(name)) wrong.push(`“${name}” has other bytes`)
  }
  for (const name of found.keys()) if (!truth.has(name)) wrong.push(`“${name}” is too many`)
  return wrong
}

export interface Cell {
  container: string
  way: string
  /** Null where all is right; `skipped: …` where it cannot be tried here. */
  problem: string | null
}

/** Tries every command on one container of an image. Yields a cell each. */
export async function* commandCells(container: Container, truth: Truth, folder: string): AsyncGenerator<Cell> {
  const opened = make(container, truth, folder)
  if (opened === null) {
    yield { container: container.id, way: 'all', problem: 'skipped: what makes it is not here' }
    return
  }
  try {
    // Where the witness has names of its own (Linux shows plain ISO 9660 in small letters), the image's count for `cat`.
    const listed = truth.hasPlainNames ? truth.sums : await hashes(opened).catch(() => truth.sums)
    const some = [...listed.keys()].filter((name) => /^[\w ./-]+$/.test(name)).slice(0, 3)
    for (const way of COMMAND_WAYS) {
      const own = fs.mkdtempSync(path.join(folder, 'way-'))
      const names = way.id !== 'cat' ? truth.sums.keys() : truth.hasPlainNames ? some : []
      yield await cell(container.id, way.id, truth, names, () => way.run(opened, own, some))
      fs.rmSync(own, { recursive: true, force: true })
    }
  } finally {
    opened.release?.()
  }
}

/** The same through the engine. */
export async function* engineCells(
  container: Container,
  truth: Truth,
  folder: string,
  engine: EngineProcess,
): AsyncGenerator<Cell> {
  const opened = make(container, truth, folder)
  if (opened === null) return
  try {
    const { ref, entries } = await openInEngine(engine, opened, truth)
    for (const way of ENGINE_WAYS) {
      const own = fs.mkdtempSync(path.join(folder, 'way-'))
      yield await cell(container.id, way.id, truth, truth.sums.keys(), () => way.run(engine, ref, own, entries))
      fs.rmSync(own, { recursive: true, force: true })
    }
    await engine.call('image.close', { image: ref.image })
  } finally {
    opened.release?.()
  }
}

function make(container: Container, truth: Truth, folder: string): Opened | null {
  const own = path.join(folder, container.id.replaceAll(/[^a-z0-9]/g, '-'))
  fs.mkdirSync(own, { recursive: true })
  const opened = madeOrNull(container, truth.bytes, own)
  return opened && { ...opened, inside: [...(opened.inside ?? []), ...(truth.inside ?? [])] }
}

function madeOrNull(container: Container, image: Uint8Array, folder: string): Opened | null {
  try {
    return container.make(image, folder)
  } catch (error) {
    if (error instanceof UnfitError) return null
    throw error
  }
}

/** Opens it as a window does, and finds the files by their paths. */
export async function openInEngine(
  engine: EngineProcess,
  { path: file, inside = [] }: Opened,
  truth: Truth,
): Promise<{ ref: ViewRef; entries: Map<string, number> }> {
  const location = { kind: 'path' as const, path: file, inside: inside.map((step) => ({ path: step })) }
  const opened = await engine.call('image.open', { location })
  const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
  await engine.event('image.progress', (one) => one.image === ref.image && one.isDone && one.view === ref.view)
  const entries = new Map<string, number>()
  for (const name of truth.sums.keys())
    entries.set(name, (await engine.call('entry.resolve', { ...ref, path: name })).entry)
  return { ref, entries }
}

async function cell(
  container: string,
  way: string,
  truth: Truth,
  names: Iterable<string>,
  run: () => Promise<Sums>,
): Promise<Cell> {
  try {
    const wrong = differences(truth, await run(), names)
    return { container, way, problem: wrong.length === 0 ? null : wrong.slice(0, 3).join('; ') }
  } catch (error) {
    return { container, way, problem: error instanceof Error ? error.message : String(error) }
  }
}

export { CONTAINERS, keepProcesses }
