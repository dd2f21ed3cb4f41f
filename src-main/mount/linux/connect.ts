import { spawn } from 'node:child_process'
import fs from 'node:fs'
import { MountError } from '../mount-error'
import { findProgram, lastLineOf } from '../../devices/list/system-programs'
import { openDescriptorSocket } from './receive-descriptor'

const DEVICE = '/dev/fuse'
/** Nothing of an image is run with other rights, nor taken for a device of this computer. */
const OPTIONS = ['ro', 'nosuid', 'nodev', 'default_permissions']
const MOUNT_PATIENCE = 30_000
const NO_DEVICE =
  'This system has no FUSE (/dev/fuse), so nothing can be mounted without rights; load the module “fuse” and try again.'
const INSTALL = 'To mount, “fusermount3” is needed; install the package fuse3.'

/**
 * Mounts our file system on a folder.
 * @param name what `df` and file managers show as the device
 * @returns the descriptor over which the kernel asks; closing it cuts the file system off
 * @throws {MountError} `PROGRAM_MISSING` with what to install, `MOUNT_FAILED` with what the system says
 */
export async function connect(mountPoint: string, name: string): Promise<number> {
  if (!fs.existsSync(DEVICE)) throw new MountError('UNSUPPORTED_HERE', NO_DEVICE)
  // Only who may use mount(2) gets anywhere with mount(8), and then nothing else is needed.
  if (process.getuid?.() === 0) {
    const descriptor = await connectAsRoot(mountPoint, name)
    if (descriptor !== null) return descriptor
  }
  return connectByHelper(mountPoint, name)
}

/** By mount(8), which inherits the open device. Null where this is not allowed, or not there. */
export async function connectAsRoot(mountPoint: string, name: string): Promise<number | null> {
  const program = findProgram('mount')
  if (program === null) return null
  let descriptor: number
  try {
    descriptor = fs.openSync(DEVICE, 'r+')
  } catch {
    return null
  }
  const options = [...OPTIONS, 'fd=3', 'rootmode=40000', `user_id=${own('uid')}`, `group_id=${own('gid')}`]
  const args = ['-i', '-n', '-t', 'fuse.isolde', '-o', options.join(','), '--', sourceName(name), mountPoint]
  const problem = await run(program, args, { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, descriptor)
  if (problem === null) return descriptor
  fs.closeSync(descriptor)
  return null
}

/** By fusermount3, which may mount for everybody and sends the open device over a socket: fuse(4), fusermount3(1). */
export async function connectByHelper(mountPoint: string, name: string): Promise<number> {
  const program = findProgram('fusermount3', 'fusermount')
  if (program === null) throw new MountError('PROGRAM_MISSING', INSTALL)
  const socket = await openDescriptorSocket()
  try {
    const options = [...OPTIONS, `fsname=${sourceName(name)}`, 'subtype=isolde']
    const problem = await run(
      program,
      ['-o', options.join(','), '--', mountPoint],
      { _FUSE_COMMFD: '3' },
      socket.theirs,
    )
    if (problem !== null)
      throw new MountError('MOUNT_FAILED', `${mountPoint} cannot be mounted on: ${problem || 'it was refused'}.`)
    return socket.receive()
  } finally {
    fs.closeSync(socket.own)
    fs.closeSync(socket.theirs)
  }
}

/** Options are parted by commas, and columns of mountinfo by spaces. */
function sourceName(name: string): string {
  const plain = name.replace(/[^\w.@%+~-]/gu, '_').slice(0, 64)
  return plain === '' || plain.startsWith('-') ? 'isolde' : plain
}

function own(which: 'uid' | 'gid'): number {
  return (which === 'uid' ? process.getuid?.() : process.getgid?.()) ?? 0
}

/** @param descriptor is number 3 there @returns what it said where it failed; null where all is well */
function run(
  program: string,
  args: string[],
  environment: Record<string, string>,
  descriptor: number,
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'pipe', descriptor],
      env: { ...environment, LC_ALL: 'C' },
      timeout: MOUNT_PATIENCE,
    })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    child.on('error', (error) => {
      resolve(error.message)
    })
    child.on('close', (status) => {
      resolve(status === 0 ? null : lastLineOf(said))
    })
  })
}
