import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { buildIso, type BuildNode } from '../images/iso-builder'

export const ISOLDE = path.resolve('bin/isolde.mjs')

/** `npm run test:faults` tries every moment; `npm test` a sample of them, so that it ends in minutes. */
export const isThorough = process.env.ISOLDE_FAULTS === 'all'

/** Content that tells every file and every position in it apart, and from anything that was there before. */
export function contentOf(name: string, byteLength: number): Buffer {
  const line = Buffer.from(`${name} — whole and new\n`)
  return Buffer.alloc(byteLength, line)
}

export interface FaultImage {
  path: string
  /** What each path must hold. */
  files: Map<string, Buffer>
}

/** Writes an image with many small files in several folders, and some that take a while. */
export function writeImage(folder: string, small: number, large = 4): FaultImage {
  const files = new Map<string, Buffer>()
  const root: BuildNode[] = []
  const add = (folderName: string, children: BuildNode[], name: string, byteLength: number): void => {
    const data = contentOf(`${folderName}/${name}`, byteLength)
    files.set(`${folderName}/${name}`, data)
    children.push({ name: `${name};1`, data })
  }
  for (let d = 0; d * 100 < small; d++) {
    const children: BuildNode[] = []
    const folderName = `D${String(d).padStart(3, '0')}`
    for (let i = 0; i < 100 && d * 100 + i < small; i++)
      add(folderName, children, `F${String(i).padStart(4, '0')}.DAT`, 1 + ((d * 7919 + i * 104_729) % 6000))
    root.push({ name: folderName, children })
  }
  const big: BuildNode[] = []
  for (let i = 0; i < large; i++) add('LARGE', big, `L${i}.BIN`, 3_000_000 + i)
  if (large > 0) root.push({ name: 'LARGE', children: big })
  const file = path.join(folder, 'disc.iso')
  fs.writeFileSync(file, buildIso(root).bytes)
  return { path: file, files }
}

/** Fills a destination with other contents under the same names. */
export function plantOld(destination: string, image: FaultImage): void {
  for (const name of image.files.keys()) {
    fs.mkdirSync(path.join(destination, path.dirname(name)), { recursive: true })
    fs.writeFileSync(path.join(destination, name), oldContent(name))
  }
}

export function oldContent(name: string): string {
  return `${name} — old\n`
}

/** Final names that hold neither nothing, nor the old content, nor the whole new one. */
export function wrongFiles(destination: string, image: FaultImage): string[] {
  const wrong: string[] = []
  for (const [name, content] of image.files) {
    const file = path.join(destination, name)
    if (!fs.existsSync(file)) continue
    const bytes = fs.readFileSync(file)
    if (!bytes.equals(content) && bytes.toString() !== oldContent(name)) wrong.push(name)
  }
  return wrong
}

export function isComplete(destination: string, image: FaultImage): boolean {
  return [...image.files].every(([name, content]) => {
    const file = path.join(destination, name)
    return fs.existsSync(file) && fs.readFileSync(file).equals(content)
  })
}

export function leftovers(folder: string): string[] {
  return fs.readdirSync(folder).filter((name) => name.startsWith('.isolde'))
}

export interface Ended {
  code: number | null
  signal: string | null
  stderr: string
}

/** @param options.before words before the command, such as another program that starts it */
export function startIsolde(
  args: string[],
  { before = [], ...options }: SpawnOptions & { before?: string[] } = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  if (!fs.existsSync('dist/main/cli.js'))
    throw new Error('Run “npm run build” first: these tests drive the built command.')
  const [program = '', ...words] = [...before, process.execPath, ISOLDE, ...args]
  const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'], ...options })
  let stderr = ''
  child.stderr?.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
  const ended = new Promise<Ended>((resolve) => {
    // What cannot be started has ended too, and must not be waited for.
    child.on('error', (error) => {
      resolve({ code: null, signal: null, stderr: error.message })
    })
    child.on('close', (code, signal) => {
      resolve({ code, signal, stderr })
    })
  })
  return { child, ended }
}

/** The same moments in every run: a fault that shows up can be looked for again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
