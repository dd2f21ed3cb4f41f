import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import type { JobSummary } from '../../src-shared/model'
import { makeWholeFile, type ReadyFile } from '../sinks/atomic-file'
import { assertPassword } from './archive-password'
import { extract, type ExtractRequest } from './extract'
import { ExtractError } from './extract-error'
import { CancelledError } from '../task'

export interface SevenZipRequest extends Omit<ExtractRequest, 'destination' | 'conflicts'> {
  /** The archive to make; never replaces a file. */
  target: string
  /** AES-256, names included, where given. */
  password?: string
  /** How hard it is packed, 0 (not at all) to 9. */
  level?: number
  /** Told when the archive is whole and only its last rename is left to do. */
  onReady?: (file: ReadyFile, summary: JobSummary) => void | Promise<void>
}

/** What 7-Zip itself begins with. */
const USUAL_LEVEL = 5

const PROGRAMS = ['7zz', '7z', '7za']

/** The installed 7-Zip, or null. */
export function findSevenZip(): string | null {
  return PROGRAMS.find((program) => spawnSync(program, ['i'], { stdio: 'ignore' }).status === 0) ?? null
}

/**
 * Makes a 7z file with an installed 7-Zip. It takes whole trees only, so the entries are extracted beside the archive
 * first; that copy is removed.
 * @throws {ExtractError} `UNSUPPORTED_HERE` where no 7-Zip is installed
 */
export async function extractSevenZip(request: SevenZipRequest): Promise<JobSummary> {
  assertPassword(request.password)
  const program = sevenZip()
  const { target, password, onReady, ...extraction } = request
  return makeWholeFile(
    target,
    async (temporary) => {
      const tree = `${temporary}-tree`
      try {
        // The tree is on its way to the archive: its names are no end.
        const control = { ...request.control, commit: () => undefined }
        const summary = await extract({ ...extraction, control, destination: tree, conflicts: 'fail' })
        await pack(program, tree, `${temporary}.7z`, password, request)
        request.control.commit?.()
        fs.renameSync(`${temporary}.7z`, temporary)
        return summary
      } finally {
        fs.rmSync(tree, { recursive: true, force: true })
        fs.rmSync(`${temporary}.7z`, { force: true })
      }
    },
    onReady,
  )
}

/** @throws {ExtractError} `UNSUPPORTED_HERE` where no 7-Zip is installed */
export function sevenZip(): string {
  const program = findSevenZip()
  if (program === null)
    throw new ExtractError(
      'UNSUPPORTED_HERE',
      '7z files are made by 7-Zip, which is not installed here. Install it, or make a ZIP.',
    )
  return program
}

/**
 * Lets 7-Zip pack whatever lies in a folder.
 * @throws {ExtractError} `WRITE_FAILED` with what 7-Zip says
 * @throws {CancelledError}
 */
export async function pack(
  program: string,
  tree: string,
  archive: string,
  password: string | undefined,
  request: Pick<SevenZipRequest, 'level' | 'control'>,
): Promise<void> {
  // `-snl` keeps links as links. With a bare `-p` the password is read from standard input, where no list of processes
  // shows it; `-mhe` hides names too.
  const level = `-mx=${request.level ?? USUAL_LEVEL}`
  const options = ['a', '-t7z', '-bd', '-snl', level, ...(password === undefined ? [] : ['-p', '-mhe=on'])]
  const child = spawn(program, [...options, path.resolve(archive), '.'], {
    cwd: tree,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.on('data', (bytes: Buffer) => (complaint += bytes.toString()))
  child.stdin.on('error', () => undefined)
  child.stdin.end(password === undefined ? '' : `${password}\n${password}\n`)
  const watch = setInterval(() => {
    try {
      void request.control.checkpoint()
    } catch {
      child.kill()
    }
  }, 50)
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve)).finally(() => {
    clearInterval(watch)
  })
  if (status === null) throw new CancelledError()
  if (status !== 0) throw new ExtractError('WRITE_FAILED', `7-Zip could not make ${archive}: ${complaint.trim()}`)
}
