import { execFile, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { BlobReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import type { EngineClient } from '../../src-main/host/engine-client'
import { answerArchive, answerContent } from '../../src-main/host/content'
import type { EngineProcess } from '../unit/engine/engine-process'
import { CommandHosts, type Answer } from './command-hosts'
import type { Opened } from './containers'

/** SHA-256 by path of a file in the image. */
export type Sums = Map<string, string>

/** A way out of an image by the command line: the built program, as people run it. */
export interface CommandWay {
  id: string
  /** @param folder an empty one, for whatever it writes */
  run(opened: Opened, folder: string, some: readonly string[]): Promise<Sums>
}

/** A way out through the engine, as a window goes it. */
export interface EngineWay {
  id: string
  run(engine: EngineProcess, ref: ViewRef, folder: string, entries: ReadonlyMap<string, number>): Promise<Sums>
}

export interface ViewRef {
  image: number
  generation: number
  view: string
}

const ISOLDE = path.resolve('bin/isolde.mjs')

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Starts the built command, as a person does. */
function inOwnProcess(args: readonly string[], under: readonly string[]): Promise<Answer> {
  const [program = process.execPath, ...before] = under.length > 0 ? [...under, process.execPath] : []
  return new Promise((resolve) => {
    const options = { encoding: 'buffer', maxBuffer: 1 << 30 } as const
    execFile(program, [...before, ISOLDE, ...args], options, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? 127), stdout, stderr: stderr.toString() }),
    )
  })
}

let runCommand = inOwnProcess

/** Runs commands in processes that stay, several times as many in the same time. @returns what ends them, and that */
export function keepProcesses(): () => void {
  const hosts = new CommandHosts()
  runCommand = (args, under) => hosts.run(args, under)
  return () => {
    runCommand = inOwnProcess
    hosts.end()
  }
}

/** Runs the built command. Rejects with what it says, unless it ends well or with something left out (a link, a device). */
async function isolde(args: readonly string[], under: readonly string[] = []): Promise<Buffer> {
  const { status, stdout, stderr } = await runCommand(args, under)
  if (status > 1) throw new Error(`isolde ${args.join(' ')}: ${stderr || `status ${status}`}`)
  return stdout
}

function source({ path: file, inside = [] }: Opened): string[] {
  return [file, ...inside.flatMap((step) => ['--inside', step])]
}

/** Every file below a folder; links are not followed. */
export function sumsBelow(folder: string, prefix = ''): Sums {
  const sums: Sums = new Map()
  for (const entry of fs.readdirSync(path.join(folder, prefix), { withFileTypes: true })) {
    const name = path.posix.join(prefix, entry.name)
    if (entry.isDirectory()) for (const [below, sum] of sumsBelow(folder, name)) sums.set(below, sum)
    else if (entry.isFile()) sums.set(name, sha256(fs.readFileSync(path.join(folder, name))))
  }
  return sums
}

async function sumsOfZip(bytes: Uint8Array): Promise<Sums> {
  const sums: Sums = new Map()
  const zip = new ZipReader(new BlobReader(new Blob([Uint8Array.from(bytes)])))
  for (const entry of await zip.getEntries())
    if (!entry.directory && entry.externalFileAttributes >>> 28 !== 0xa)
      sums.set(entry.filename, sha256(await entry.getData(new Uint8ArrayWriter())))
  await zip.close()
  return sums
}

async function extracted(opened: Opened, folder: string, options: string[] = [], under: string[] = []): Promise<Sums> {
  const to = path.join(folder, 'out')
  await isolde(['extract', ...source(opened), '--to', to, '--quiet', ...options], under)
  return sumsBelow(to)
}

/** What `isolde hash` says of all files. */
export const hashes = async (opened: Opened): Promise<Sums> => {
  const lines = (await isolde(['hash', ...source(opened)])).toString().split('\n')
  // A line begins with a backslash where its name holds what needs one.
  const plain = lines.map((line) => (line.startsWith('\\') ? line.slice(1) : line)).filter((line) => line !== '')
  return new Map(plain.map((line) => [line.slice(66), line.slice(0, 64)] as const))
}

const has = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0

/** Paths of the links in a 7z. */
function linksIn(program: string, archive: string): string[] {
  const listing = spawnSync(program, ['l', '-slt', archive], { encoding: 'utf8' }).stdout
  const entries = listing.split(/\r?\n\r?\n/).map((block) => ({
    name: /^Path = (.*)$/m.exec(block)?.[1] ?? '',
    isLink: /^Attributes = .*\bl[rwx-]{9}/m.test(block),
  }))
  return entries.filter(({ isLink }) => isLink).map(({ name }) => name)
}

/** The columns of the matrix that are commands: a new way is a line here. */
export const COMMAND_WAYS: readonly CommandWay[] = [
  { id: 'extract', run: (opened, folder) => extracted(opened, folder) },
  { id: 'hash', run: hashes },
  {
    id: 'cat',
    async run(opened, _folder, some) {
      const [file = '', ...inside] = source(opened)
      const sums = some.map(async (name) => [name, sha256(await isolde(['cat', file, name, ...inside]))] as const)
      return new Map(await Promise.all(sums))
    },
  },
  {
    id: 'extract --format zip',
    async run(opened, folder) {
      const target = path.join(folder, 'out.zip')
      await isolde(['extract', ...source(opened), '--to', target, '--format', 'zip', '--quiet'])
      return sumsOfZip(fs.readFileSync(target))
    },
  },
  {
    id: 'convert, and hash of what it made',
    async run(opened, folder) {
      const target = path.join(folder, 'converted.iso')
      const [file = '', ...inside] = source(opened)
      try {
        await isolde(['convert', file, target, ...inside])
      } catch (error) {
        // Archives (a Windows image with several editions) become no plain image, and that is said.
        if (/is no installer of Windows|nothing to convert/.test((error as Error).message))
          throw new Error('skipped', { cause: error })
        throw error
      }
      return hashes({ path: target })
    },
  },
  ...(has('taskset', '-c', '0', 'true')
    ? [
        {
          id: 'extract on one processor',
          run: (opened: Opened, folder: string) => extracted(opened, folder, [], ['taskset', '-c', '0']),
        },
      ]
    : []),
  ...(has('7zz', 'i') || has('7z', 'i') || has('7za', 'i')
    ? [
        {
          id: 'extract --format 7z',
          async run(opened: Opened, folder: string) {
            const target = path.join(folder, 'out.7z')
            const program = has('7zz', 'i') ? '7zz' : has('7z', 'i') ? '7z' : '7za'
            await isolde(['extract', ...source(opened), '--to', target, '--format', '7z', '--quiet'])
            spawnSync(program, ['x', `-o${path.join(folder, 'unpacked')}`, target])
            const sums = sumsBelow(path.join(folder, 'unpacked'))
            // 7-Zip leaves the text of a link where it does not trust where it leads.
            for (const link of linksIn(program, target)) sums.delete(link)
            return sums
          },
        },
      ]
    : []),
]

async function bodyOf(body: AsyncGenerator<Uint8Array> | string): Promise<Buffer> {
  if (typeof body === 'string') throw new Error(body)
  const parts: Uint8Array[] = []
  for await (const part of body) parts.push(part)
  return Buffer.concat(parts)
}

function clientOf(engine: EngineProcess): EngineClient {
  return { call: (name, input) => engine.call(name, input), close: () => undefined }
}

async function finished(engine: EngineProcess, job: string): Promise<void> {
  const { state } = await engine.event(
    'job.snapshot',
    (one) => one.id === job && ['done', 'failed', 'cancelled'].includes(one.state),
  )
  if (state !== 'done') throw new Error(`the job is ${state}`)
}

/** The columns of the matrix that a window goes: a new way is a line here. */
export const ENGINE_WAYS: readonly EngineWay[] = [
  {
    id: 'content address',
    async run(engine, { image, generation, view }, _folder, entries) {
      const sums: Sums = new Map()
      for (const [name, entry] of entries) {
        const url = new URL(`http://x/content/${image}/${generation}/${view}/${entry}/name`)
        const { body } = await answerContent(clientOf(engine), url, undefined, new AbortController().signal)
        sums.set(name, sha256(await bodyOf(body)))
      }
      return sums
    },
  },
  {
    id: 'download as ZIP',
    async run(engine, { image, generation, view }) {
      const url = new URL(`http://x/archive/${image}/${generation}/${view}/0/name.zip`)
      const { body } = await answerArchive(clientOf(engine), url, new AbortController().signal)
      return sumsOfZip(await bodyOf(body))
    },
  },
  {
    id: 'staged for a drag',
    async run(engine, ref) {
      const { rows } = await engine.call('image.rows', { ...ref, directory: 0, limit: 500 })
      const { paths } = await engine.call('entry.stage', { ...ref, entries: rows.map(({ entry }) => entry) })
      const [first] = paths
      return first === undefined ? new Map<string, string>() : sumsBelow(path.dirname(first))
    },
  },
  {
    id: 'extraction paused and resumed',
    async run(engine, ref, folder) {
      const destination = path.join(folder, 'job')
      const { job } = await engine.call('job.start', {
        kind: 'extract',
        spec: {
          ...ref,
          entries: null,
          destination,
          conflicts: 'fail',
          keepPaths: true,
        },
      })
      // Ended already, where it was faster than this: then it is an extraction like any other.
      await engine.call('job.pause', { job }).catch(() => undefined)
      await engine.call('job.resume', { job }).catch(() => undefined)
      await finished(engine, job)
      return sumsBelow(destination)
    },
  },
]
