import { FuseServer, MountTree, type ServerOptions } from '../../../src-main/mount'
import { Opcode } from '../../../src-main/mount/fuse/protocol'
import type { DiscImage } from '../../../src-main/image'

/** An answer as the kernel takes it apart. */
export interface Answer {
  error: number
  unique: bigint
  body: Buffer
}

export interface Listed {
  name: string
  number: bigint
  next: bigint
  type: number
  /** Of READDIRPLUS alone: the number that was looked up, 0 where none was. */
  looked?: bigint
}

/** Asks a server as the kernel does, in bytes. */
export class Kernel {
  private unique = 1n

  constructor(readonly server: FuseServer) {}

  static async of(
    image: DiscImage,
    view = image.info.defaultViewId,
    options: Partial<ServerOptions> = {},
  ): Promise<Kernel> {
    const tree = new MountTree(await image.view(view).readTree())
    return new Kernel(new FuseServer(tree, { uid: 1000, gid: 100, byteLength: image.blocks.byteLength, ...options }))
  }

  request(opcode: number, node: bigint | number, body: Uint8Array = new Uint8Array(0)): Buffer {
    const bytes = Buffer.alloc(40 + body.byteLength)
    bytes.writeUInt32LE(bytes.byteLength, 0)
    bytes.writeUInt32LE(opcode, 4)
    bytes.writeBigUInt64LE(++this.unique * 0x1_0000_0001n, 8)
    bytes.writeBigUInt64LE(BigInt(node), 16)
    bytes.set(body, 40)
    return bytes
  }

  async ask(opcode: number, node: bigint | number, body?: Uint8Array): Promise<Answer> {
    const request = this.request(opcode, node, body)
    const answer = await this.raw(request)
    if (answer === null) throw new Error(`there is no answer to ${opcode}`)
    if (answer.unique !== request.readBigUInt64LE(8)) throw new Error('it answers another request')
    return answer
  }

  async raw(request: Uint8Array): Promise<Answer | null> {
    const answer = await this.server.handle(Buffer.from(request))
    if (answer === null) return null
    if (answer.readUInt32LE(0) !== answer.byteLength) throw new Error('the answer has another length than it says')
    return {
      error: 0 - answer.readInt32LE(4),
      unique: answer.readBigUInt64LE(8),
      body: Buffer.from(answer.subarray(16)),
    }
  }

  async find(path: string): Promise<bigint> {
    let node = 1n
    for (const name of path.split('/')) {
      const { error, body } = await this.ask(Opcode.LOOKUP, node, Buffer.from(`${name}\0`))
      node = error === 0 ? body.readBigUInt64LE(0) : 0n
      if (node === 0n) throw new Error(`there is no ${name} in ${path}`)
    }
    return node
  }

  async open(node: bigint, flags = 0): Promise<{ error: number; handle: bigint; flags: number }> {
    const { error, body } = await this.ask(Opcode.OPEN, node, words(flags, 0))
    return error === 0
      ? { error, handle: body.readBigUInt64LE(0), flags: body.readUInt32LE(8) }
      : { error, handle: 0n, flags: 0 }
  }

  read(node: bigint, handle: bigint, at: number, byteLength: number): Promise<Answer> {
    return this.ask(Opcode.READ, node, readIn(handle, BigInt(at), byteLength))
  }

  /** All of a folder, as many entries at a time as fit. */
  async list(node: bigint, opcode: number = Opcode.READDIR, byteLength = 4096): Promise<Listed[]> {
    const all: Listed[] = []
    for (;;) {
      const { body } = await this.ask(opcode, node, readIn(0n, all.at(-1)?.next ?? 0n, byteLength))
      if (body.byteLength > byteLength) throw new Error('more than was asked for')
      if (body.byteLength === 0) return all
      all.push(...listed(body, opcode === Opcode.READDIRPLUS))
    }
  }
}

export function readIn(handle: bigint, at: bigint, byteLength: number): Buffer {
  const body = Buffer.alloc(40)
  body.writeBigUInt64LE(handle, 0)
  body.writeBigUInt64LE(at, 8)
  body.writeUInt32LE(byteLength, 16)
  return body
}

export function words(...values: number[]): Buffer {
  const body = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => body.writeUInt32LE(value, i * 4))
  return body
}

function listed(body: Buffer, isPlus: boolean): Listed[] {
  const found: Listed[] = []
  for (let at = 0; at < body.byteLength;) {
    const head = isPlus ? 128 : 0
    const nameLength = body.readUInt32LE(at + head + 16)
    found.push({
      number: body.readBigUInt64LE(at + head),
      next: body.readBigUInt64LE(at + head + 8),
      type: body.readUInt32LE(at + head + 20),
      name: body.toString('utf8', at + head + 24, at + head + 24 + nameLength),
      ...(isPlus ? { looked: body.readBigUInt64LE(at) } : {}),
    })
    at += head + 24 + Math.ceil(nameLength / 8) * 8
  }
  return found
}

/** `fuse_attr` */
export function attributesIn(
  body: Buffer,
  at: number,
): Record<'number' | 'size' | 'mode' | 'links' | 'uid' | 'gid' | 'device' | 'seconds', number> {
  return {
    number: Number(body.readBigUInt64LE(at)),
    size: Number(body.readBigUInt64LE(at + 8)),
    seconds: Number(body.readBigInt64LE(at + 32)),
    mode: body.readUInt32LE(at + 60),
    links: body.readUInt32LE(at + 64),
    uid: body.readUInt32LE(at + 68),
    gid: body.readUInt32LE(at + 72),
    device: body.readUInt32LE(at + 76),
  }
}
