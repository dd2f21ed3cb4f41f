import { MountError } from '../mount-error'

/** socket(2) */
const AF_UNIX = 1
const SOCK_STREAM = 1
const SOCK_CLOEXEC = 0o2000000
const SOL_SOCKET = 1
const SCM_RIGHTS = 1
/** recv(2) */
const MSG_DONTWAIT = 0x40
const MSG_CMSG_CLOEXEC = 0x40000000
/** `struct cmsghdr` with one descriptor behind it, padded: unix(7), cmsg(3). */
const CONTROL_LENGTH = 24
const MESSAGE_HEADER_LENGTH = 56

export interface DescriptorSocket {
  /** Both ends; whoever starts the other side gives it `theirs` and closes that here. */
  own: number
  theirs: number
  /** Takes the descriptor that was sent. @throws {MountError} `MOUNT_FAILED` where none was */
  receive(): number
}

/**
 * A pair of sockets over which another program hands on an open descriptor. Nothing in Node does that, so the C library is
 * called.
 * @throws {MountError} `PROGRAM_MISSING` where the package for it is not installed
 */
export async function openDescriptorSocket(): Promise<DescriptorSocket> {
  const { socketpair, recvmsg, address } = await loadCalls()
  const pair = new Int32Array(2)
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) !== 0)
    throw new MountError('MOUNT_FAILED', 'The system gives no socket to mount with; close some programs and try again.')
  const [own = -1, theirs = -1] = pair
  return {
    own,
    theirs,
    receive() {
      const byte = Buffer.alloc(8)
      const control = Buffer.alloc(CONTROL_LENGTH)
      const vector = Buffer.alloc(16)
      vector.writeBigUInt64LE(address(byte), 0)
      vector.writeBigUInt64LE(8n, 8)
      const message = Buffer.alloc(MESSAGE_HEADER_LENGTH)
      message.writeBigUInt64LE(address(vector), 16)
      message.writeBigUInt64LE(1n, 24)
      message.writeBigUInt64LE(address(control), 32)
      message.writeBigUInt64LE(BigInt(CONTROL_LENGTH), 40)
      const count = Number(recvmsg(own, message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC))
      const descriptor = count < 0 ? null : readDescriptor(control)
      if (descriptor === null) throw new MountError('MOUNT_FAILED', 'The mounted file system was not handed over.')
      return descriptor
    },
  }
}

/** The descriptor in a control message with `SCM_RIGHTS`, as unix(7) has it on machines of 64 bits; null in any other. */
export function readDescriptor(control: Buffer): number | null {
  if (control.byteLength < 20 || control.readBigUInt64LE(0) < 20n) return null
  if (control.readInt32LE(8) !== SOL_SOCKET || control.readInt32LE(12) !== SCM_RIGHTS) return null
  const descriptor = control.readInt32LE(16)
  return descriptor < 0 ? null : descriptor
}

interface Calls {
  socketpair: (domain: number, type: number, protocol: number, pair: Int32Array) => number
  recvmsg: (socket: number, message: Buffer, flags: number) => number | bigint
  address: (of: Buffer) => bigint
}

async function loadCalls(): Promise<Calls> {
  try {
    const { default: koffi } = await import('koffi')
    const library = koffi.load('libc.so.6')
    return {
      socketpair: library.func('int socketpair(int, int, int, void*)') as Calls['socketpair'],
      recvmsg: library.func('int64_t recvmsg(int, void*, int)') as Calls['recvmsg'],
      address: (of) => koffi.address(of),
    }
  } catch {
    throw new MountError(
      'PROGRAM_MISSING',
      'To mount without being root, the package “koffi” is needed: run “npm install koffi” in the program’s folder.',
    )
  }
}
