import fs from 'node:fs'
import { systemPath } from '../../sinks/system-path'
import type { LostAttributes } from '../../../src-shared/model'
import { attributeCalls, type AttributeCalls } from '../../sinks/attribute-calls'
import { LostAttributeTally } from '../../sinks/lost-attributes'

const ACCESS_LIST = 'system.posix_acl_access'
/** What a person or a program has put there; labels of the system's own are given anew wherever a file goes. */
const OF_PEOPLE = /^(?:user\.|trusted\.|system\.posix_acl_|security\.capability$)/

/** Gives copies what belongs to their originals besides the content. One for a whole job. */
export class Attributes {
  private readonly tally = new LostAttributeTally()

  /** @param calls null where the system has none */
  constructor(private readonly calls: AttributeCalls | null) {}

  /** Elsewhere than on Linux the system's own copying of a file takes extended attributes along. */
  static async load(): Promise<Attributes> {
    return new Attributes(await attributeCalls())
  }

  /**
   * Gives a copy its owner, extended attributes, mode and times, in this order: giving a file away clears its set-ID bits
   * and capabilities, a mode may take away the right to write attributes, and writing anything changes its time. Owners
   * only where the system allows it; without the owner, set-ID bits are not for somebody else.
   * @param to the copy, as a path; a link is not followed
   */
  copy(from: string, to: string, stat: fs.BigIntStats): void {
    const target = systemPath(to)
    const isOwned = giveTo(target, stat)
    const rights = this.copyExtended(from, to, Number(stat.mode))
    if (!stat.isSymbolicLink())
      whereTaken(() => {
        fs.chmodSync(target, rights & (isOwned ? 0o7777 : 0o777))
      })
    whereTaken(() => {
      fs.lutimesSync(target, timeOf(stat.atimeNs), timeOf(stat.mtimeNs))
    })
  }

  /** What was lost since this was asked last; null where nothing was. */
  takeLost(): LostAttributes | null {
    return this.tally.take()
  }

  /** @param own the original's mode @returns the copy's: where its access control list was lost, that without the list */
  private copyExtended(from: string, to: string, own: number): number {
    if (this.calls === null) return own
    const [source, target] = [systemPath(from), systemPath(to)]
    let mode = own
    const lost: string[] = []
    for (const name of this.calls.list(source)) {
      const value = this.calls.get(source, name)
      if (value === null || this.calls.set(target, name, value)) continue
      if (name === ACCESS_LIST) mode = (own & 0o7000) | modeOf(value)
      if (OF_PEOPLE.test(name)) lost.push(name)
    }
    this.tally.note(from, lost)
    return mode
  }
}

/** Tags of acl(5) as `linux/posix_acl_xattr.h` writes them: a version of four bytes, then entries of eight. */
const ACL_HEADER = 4
const ACL_ENTRY = 8
const [USER_OBJ, GROUP_OBJ, MASK, OTHER] = [0x01, 0x04, 0x10, 0x20]

/**
 * The mode without the list: where one is, the group's bits of a mode are the most that anybody in the list may do, and
 * not what the group may.
 */
function modeOf(list: Buffer): number {
  const rights = new Map<number, number>()
  for (let at = ACL_HEADER; at + ACL_ENTRY <= list.byteLength; at += ACL_ENTRY)
    rights.set(list.readUInt16LE(at), list.readUInt16LE(at + 2) & 0o7)
  const group = (rights.get(GROUP_OBJ) ?? 0) & (rights.get(MASK) ?? 0o7)
  return ((rights.get(USER_OBJ) ?? 0) << 6) | (group << 3) | (rights.get(OTHER) ?? 0)
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

function giveTo(at: string | Buffer, from: fs.BigIntStats): boolean {
  const now = fs.lstatSync(at, { bigint: true })
  if (now.uid === from.uid && now.gid === from.gid) return true
  try {
    fs.lchownSync(at, Number(from.uid), Number(from.gid))
    return true
  } catch {
    return false
  }
}

/** Node takes a negative number, a time before 1970, for “now”; a Date it takes as it is. */
function timeOf(nanoseconds: bigint): number | Date {
  return nanoseconds < 0n ? new Date(Number(nanoseconds / 1_000_000n)) : Number(nanoseconds) / 1e9
}
