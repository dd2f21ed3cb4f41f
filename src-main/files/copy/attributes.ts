import { execFile } from 'node:child_process'
import fs from 'node:fs'
import { promisify } from 'node:util'

const execute = promisify(execFile)
const LISTING_LIMIT = 256 << 20
/** A command line ends somewhere. */
const PATHS_AT_ONCE = 200

/**
 * Gives a copy its owner, mode and times, in this order: giving a file away clears its set-ID bits, and writing anything
 * changes its time. Owners only where the system allows it; without the owner, set-ID bits are not for somebody else.
 * @param at the copy, as a path; a link is not followed
 */
export function copyAttributes(at: string, from: fs.BigIntStats): void {
  const isOwned = giveTo(at, from)
  if (!from.isSymbolicLink())
    whereTaken(() => {
      fs.chmodSync(at, Number(from.mode) & (isOwned ? 0o7777 : 0o777))
    })
  whereTaken(() => {
    fs.lutimesSync(at, seconds(from.atimeNs), seconds(from.mtimeNs))
  })
}

/** Disks that know no modes, or only some, refuse the others: the content is worth having all the same. */
function whereTaken(change: () => void): void {
  try {
    change()
  } catch (error) {
    const code = (error as { code?: string }).code
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS' && code !== 'EINVAL') throw error
  }
}

function giveTo(at: string, from: fs.BigIntStats): boolean {
  const now = fs.lstatSync(at, { bigint: true })
  if (now.uid === from.uid && now.gid === from.gid) return true
  try {
    fs.lchownSync(at, Number(from.uid), Number(from.gid))
    return true
  } catch {
    return false
  }
}

function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds) / 1e9
}

/**
 * Extended attributes. Node has none, so on Linux this needs `getfattr` of the `attr` package to say which files have
 * any, and `cp` of the system to copy them; elsewhere the system's own copying of files takes them along.
 */
export class ExtendedAttributes {
  private constructor(private readonly owners: ReadonlySet<string>) {}

  /** Looks through whole trees with few starts of a program. */
  static async of(paths: readonly string[]): Promise<ExtendedAttributes> {
    if (process.platform !== 'linux') return new ExtendedAttributes(new Set())
    const owners = new Set<string>()
    for (let at = 0; at < paths.length; at += PATHS_AT_ONCE)
      for (const [, name = ''] of (await listOwners(paths.slice(at, at + PATHS_AT_ONCE))).matchAll(/^# file: (.*)$/gm))
        owners.add(name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))))
    return new ExtendedAttributes(owners)
  }

  /** As many as the other file system takes. */
  async copy(from: string, to: string): Promise<void> {
    if (!this.owners.has(from)) return
    await execute('cp', ['--attributes-only', '--no-dereference', '--preserve=xattr', '-T', '--', from, to]).catch(
      () => undefined,
    )
  }
}

/** What could not be read is told on the way; what was listed still counts. */
async function listOwners(paths: readonly string[]): Promise<string> {
  const options = ['-R', '-P', '-h', '-m', '-', '--absolute-names', '--', ...paths]
  try {
    return (await execute('getfattr', options, { maxBuffer: LISTING_LIMIT })).stdout
  } catch (error) {
    return (error as { stdout?: string }).stdout ?? ''
  }
}
