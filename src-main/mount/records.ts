import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from '../sinks/make-folders'

/** One image that is mounted, as the process that serves it has noted it. */
export interface MountRecord {
  mountPoint: string
  /** Of the image’s file. */
  path: string
  inside: string[]
  view: string
  /** The folder was made for it. */
  isMade: boolean
  pid: number
  /** When that process began, as proc(5) counts: a number that is given out again is not taken for the same one. */
  startedAt: string
}

const FOLDER_OF_RECORDS = '.mounted'

/** Where notes and folders of mounts lie: the first of these that may be used. Only their user may enter them. */
export function mountBases(environment: NodeJS.ProcessEnv, profile: string, temporary: string): string[] {
  const { XDG_RUNTIME_DIR: runtime } = environment
  return [
    ...(runtime === undefined || !path.isAbsolute(runtime) ? [] : [path.join(runtime, 'isolde-mounts')]),
    path.join(profile, 'mounts'),
    path.join(temporary, `isolde-mounts-${process.getuid?.() ?? 0}`),
  ]
}

/** @throws the system’s error where none of them can be used */
export function usableBase(bases: readonly string[]): string {
  let problem: unknown
  for (const base of bases) {
    try {
      makeFolders(path.join(base, FOLDER_OF_RECORDS), 0o700)
      if (isOwn(base)) return base
    } catch (error) {
      problem ??= error
    }
  }
  throw (problem as Error | undefined) ?? new Error('No folder for mounts is this user’s own.')
}

/** A folder in a place where others may write could be theirs. */
function isOwn(folder: string): boolean {
  const stat = fs.lstatSync(folder)
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0
}

export function writeRecord(base: string, record: MountRecord): void {
  const file = recordFile(base, record.mountPoint)
  // Whoever lists them never sees half of one.
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 })
  fs.renameSync(`${file}.new`, file)
}

export function removeRecord(base: string, mountPoint: string): void {
  fs.rmSync(recordFile(base, mountPoint), { force: true })
}

/** What is noted below these folders, with where; what is no such note is passed over. */
export function readRecords(bases: readonly string[]): { base: string; record: MountRecord }[] {
  return bases.flatMap((base) =>
    namesIn(path.join(base, FOLDER_OF_RECORDS)).flatMap((name) => {
      const record = name.endsWith('.json') && isOwn(base) ? readRecord(path.join(base, FOLDER_OF_RECORDS, name)) : null
      return record === null ? [] : [{ base, record }]
    }),
  )
}

/** Whether the process that serves a mount still runs. */
export function isServed({ pid, startedAt }: MountRecord): boolean {
  return startOf(pid) === startedAt
}

/** When a process began, in ticks since the system did; null where there is none. proc(5), `/proc/pid/stat`, field 22. */
export function startOf(pid: number): string | null {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    // Z: it has ended, and only its parent does not know yet.
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

function recordFile(base: string, mountPoint: string): string {
  const name = createHash('sha256').update(mountPoint).digest('hex').slice(0, 32)
  return path.join(base, FOLDER_OF_RECORDS, `${name}.json`)
}

/** @throws where it is no file: a pipe would be waited for */
function textOf(file: string): string {
  if (!fs.statSync(file).isFile()) throw new Error(`${file} is no file.`)
  return fs.readFileSync(file, 'utf8')
}

function readRecord(file: string): MountRecord | null {
  try {
    const record = JSON.parse(textOf(file)) as Partial<Record<keyof MountRecord, unknown>>
    const { mountPoint, path: image, inside, view, isMade, pid, startedAt } = record
    const isRecord =
      typeof mountPoint === 'string' &&
      path.isAbsolute(mountPoint) &&
      typeof image === 'string' &&
      Array.isArray(inside) &&
      typeof view === 'string' &&
      typeof isMade === 'boolean' &&
      Number.isSafeInteger(pid) &&
      typeof startedAt === 'string'
    return isRecord ? (record as MountRecord) : null
  } catch {
    return null
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort()
  } catch {
    return []
  }
}
