import fs from 'node:fs'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Errno, InitFlag, Opcode, OpenFlag } from '../../../src-main/mount/fuse/protocol'
import type { DiscImage } from '../../../src-main/image'
import { buildIso } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { openSample, SAMPLE } from '../support'
import { attributesIn, Kernel, readIn, words } from './kernel'

const sample = async (): Promise<Kernel> => Kernel.of((await openSample()).image)
const packed = (name: string): Promise<DiscImage> =>
  openBytes(new Uint8Array(zlib.zstdDecompressSync(fs.readFileSync(`tests/images/${name}.zst`))), { name })
const FOLDER = 0o040000
const FILE = 0o100000
const LINK = 0o120000

describe('the FUSE server', () => {
  it('agrees on 7.31 with a kernel of that version and with a newer one', async () => {
    for (const minor of [31, 45]) {
      const kernel = await sample()
      let isReady = false
      kernel.server.onReady = (isAgreed) => {
        isReady = isAgreed
      }
      const body = Buffer.concat([words(7, minor, 1 << 17, 0xffffffff), Buffer.alloc(minor > 35 ? 48 : 0)])
      const answer = await kernel.ask(Opcode.INIT, 0, body)
      expect(answer.error).toBe(0)
      expect(answer.body).toHaveLength(64)
      expect([answer.body.readUInt32LE(0), answer.body.readUInt32LE(4), answer.body.readUInt32LE(8)]).toEqual([
        7,
        31,
        1 << 17,
      ])
      const flags = answer.body.readUInt32LE(12)
      expect(flags & InitFlag.MAX_PAGES).not.toBe(0)
      expect(flags & InitFlag.ASYNC_READ).not.toBe(0)
      expect(answer.body.readUInt16LE(28)).toBe(256)
      expect(isReady).toBe(true)
    }
  })

  it('takes nothing that the kernel does not offer, and no kernel that is too old', async () => {
    const kernel = await sample()
    expect((await kernel.ask(Opcode.INIT, 0, words(7, 31, 1 << 17, InitFlag.ASYNC_READ))).body.readUInt32LE(12)).toBe(1)
    expect((await kernel.ask(Opcode.INIT, 0, words(7, 30, 0, 0))).error).toBe(Errno.EPROTO)
    expect((await kernel.ask(Opcode.INIT, 0, words(6, 99, 0, 0))).error).toBe(Errno.EPROTO)
    expect((await kernel.ask(Opcode.INIT, 0, words(8, 0, 0, 0))).body.readUInt32LE(0)).toBe(7)
    expect((await kernel.ask(Opcode.INIT, 0, words(7, 31))).error).toBe(Errno.EINVAL)
  })

  it('tells which devices device nodes stand for', async () => {
    const archive = Buffer.concat([
      cpioNode('sda', 0o060660, 8, 0),
      cpioNode('nvme', 0o060660, 259, 300),
      cpioNode('tty1', 0o020620, 4, 1),
      cpioNode('TRAILER!!!', 0, 0, 0),
    ])
    const kernel = await Kernel.of(await openBytes(archive, { name: 'nodes.cpio' }))
    const told = async (name: string) => {
      const { body } = await kernel.ask(Opcode.GETATTR, await kernel.find(name), Buffer.alloc(16))
      const { mode, device } = attributesIn(body, 16)
      return [mode & 0o170000, device]
    }
    expect(await told('sda')).toEqual([0o060000, 0x800])
    // 20 bits of the minor number lie around 12 of the major one.
    expect(await told('nvme')).toEqual([0o060000, 0x11032c])
    expect(await told('tty1')).toEqual([0o020000, 0x401])
  })

  it('tells what things are', async () => {
    const kernel = await sample()
    const root = await kernel.ask(Opcode.GETATTR, 1, Buffer.alloc(16))
    expect(root.body).toHaveLength(104)
    expect(attributesIn(root.body, 16)).toMatchObject({
      number: 1,
      mode: FOLDER | 0o755,
      links: 6,
      uid: 1000,
      gid: 100,
    })
    const node = await kernel.find('Pictures/Disc.png')
    const file = attributesIn((await kernel.ask(Opcode.GETATTR, node, Buffer.alloc(16))).body, 16)
    expect(file).toMatchObject({
      size: 31500,
      mode: FILE | 0o644,
      links: 1,
      seconds: Date.UTC(2024, 4, 17, 10, 30) / 1000,
    })
    const link = await kernel.find('Letters')
    expect(attributesIn((await kernel.ask(Opcode.GETATTR, link, Buffer.alloc(16))).body, 16)).toMatchObject({
      mode: LINK | 0o777,
      size: 17,
    })
    expect((await kernel.ask(Opcode.READLINK, link)).body.toString()).toBe('Documents/Letters')
    expect((await kernel.ask(Opcode.READLINK, node)).error).toBe(Errno.EINVAL)
  })

  it('finds names by their bytes', async () => {
    const kernel = await sample()
    expect(await kernel.find('Recipes/味噌汁.txt')).toBeGreaterThan(1n)
    const missing = await kernel.ask(Opcode.LOOKUP, 1, Buffer.from('welcome.txt\0'))
    expect(missing.error).toBe(0)
    expect(missing.body.readBigUInt64LE(0)).toBe(0n)
    const notText = await kernel.ask(Opcode.LOOKUP, 1, Buffer.from([0xff, 0xfe, 0]))
    expect(notText.body.readBigUInt64LE(0)).toBe(0n)
    const file = await kernel.find('Welcome.txt')
    expect((await kernel.ask(Opcode.LOOKUP, file, Buffer.from('x\0'))).error).toBe(Errno.ENOTDIR)
    expect((await kernel.ask(Opcode.LOOKUP, 1, Buffer.from(`${'x'.repeat(256)}\0`))).error).toBe(Errno.ENAMETOOLONG)
  })

  it('lists folders in pieces of any length, the same both ways', async () => {
    const kernel = await sample()
    const all = await kernel.list(1n)
    expect(all.map(({ name }) => name)).toEqual([
      '.',
      '..',
      'Documents',
      'Letters',
      'Pictures',
      'Recipes',
      'Software',
      'Welcome.txt',
    ])
    expect(all.map(({ type }) => type)).toEqual([4, 4, 4, 10, 4, 4, 4, 8])
    for (const length of [40, 64, 100, 1 << 20]) expect(await kernel.list(1n, Opcode.READDIR, length)).toEqual(all)
    const plus = await kernel.list(1n, Opcode.READDIRPLUS, 200)
    expect(plus.map(({ name, number, type }) => ({ name, number, type }))).toEqual(
      all.map(({ name, number, type }) => ({ name, number, type })),
    )
    expect(plus.map(({ looked }) => looked)).toEqual([0n, 0n, ...all.slice(2).map(({ number }) => number)])
    // Nothing fits: the end, for whoever asks for less than one name.
    expect((await kernel.ask(Opcode.READDIR, 1, readIn(0n, 0n, 8))).body).toHaveLength(0)
    expect((await kernel.ask(Opcode.READDIR, 1, readIn(0n, 1n << 40n, 4096))).body).toHaveLength(0)
  })

  it('reads files at any place', async () => {
    const kernel = await sample()
    const bytes = fs.readFileSync(SAMPLE).subarray(81920, 81920 + 31500)
    const node = await kernel.find('Pictures/Disc.png')
    const { handle, flags } = await kernel.open(node)
    expect(flags).toBe(OpenFlag.KEEP_CACHE)
    expect((await kernel.read(node, handle, 0, 1 << 20)).body.equals(bytes)).toBe(true)
    expect((await kernel.read(node, handle, 4096, 4096)).body.equals(bytes.subarray(4096, 8192))).toBe(true)
    expect((await kernel.read(node, handle, 31500, 4096)).body).toHaveLength(0)
    expect((await kernel.read(node, handle, 2 ** 40, 4096)).body).toHaveLength(0)
    expect((await kernel.read(node, handle, 0, (1 << 20) + 1)).error).toBe(Errno.EINVAL)
    expect((await kernel.read(node, 99n, 0, 4096)).error).toBe(Errno.EBADF)
    expect((await kernel.ask(Opcode.RELEASE, node, readIn(handle, 0n, 0))).error).toBe(0)
    expect(kernel.server.openCount).toBe(0)
    expect((await kernel.read(node, handle, 0, 4096)).error).toBe(Errno.EBADF)
  })

  it('unpacks what is packed', async () => {
    const image = await packed('zisofs.iso')
    const kernel = await Kernel.of(image)
    const table = await image.view(image.info.defaultViewId).readTree()
    const entries = Array.from({ length: table.length }, (_, i) => i)
    const entry = entries.find((each) => table.isPackedOf(each) && table.byteLengthOf(each) > 0)
    if (entry === undefined) throw new Error('there is none')
    const node = await kernel.find(table.pathOf(entry))
    const { handle } = await kernel.open(node)
    const whole = await table.content(entry)?.read(0, table.byteLengthOf(entry))
    const answers = await Promise.all([0, 100, 0].map((at) => kernel.read(node, handle, at, 1 << 20)))
    for (const [i, at] of [0, 100, 0].entries())
      expect(answers[i]?.body.equals(Buffer.from((whole ?? new Uint8Array(0)).subarray(at, at + (1 << 20))))).toBe(true)
  })

  it('gives hard links one number', async () => {
    const image = await packed('links.iso')
    const kernel = await Kernel.of(image)
    const table = await image.view(image.info.defaultViewId).readTree()
    const linked = Array.from({ length: table.length }, (_, i) => i).filter((each) => table.hardLinkGroupOf(each) >= 0)
    const [first, second] = linked.filter(
      (each) => table.hardLinkGroupOf(each) === table.hardLinkGroupOf(linked[0] ?? 0),
    )
    if (first === undefined || second === undefined) throw new Error('there are none')
    const [a, b] = [await kernel.find(table.pathOf(first)), await kernel.find(table.pathOf(second))]
    expect(a).toBe(b)
    expect(attributesIn((await kernel.ask(Opcode.GETATTR, a, Buffer.alloc(16))).body, 16).links).toBeGreaterThan(1)
  })

  it('refuses whatever would write, and knows no attributes', async () => {
    const kernel = await sample()
    const node = await kernel.find('Welcome.txt')
    for (const opcode of [
      'SETATTR',
      'MKDIR',
      'UNLINK',
      'RENAME',
      'WRITE',
      'CREATE',
      'SETXATTR',
      'FALLOCATE',
      'LINK',
    ] as const)
      expect((await kernel.ask(Opcode[opcode], 1, Buffer.from('x\0'))).error).toBe(Errno.EROFS)
    expect((await kernel.open(node, 1)).error).toBe(Errno.EROFS)
    expect((await kernel.open(node, 2)).error).toBe(Errno.EROFS)
    expect((await kernel.ask(Opcode.ACCESS, node, words(2, 0))).error).toBe(Errno.EROFS)
    expect((await kernel.ask(Opcode.ACCESS, node, words(4, 0))).error).toBe(0)
    expect((await kernel.ask(Opcode.GETXATTR, node, words(0, 0))).error).toBe(Errno.ENOSYS)
    expect((await kernel.ask(Opcode.LISTXATTR, node, words(0, 0))).error).toBe(Errno.ENOSYS)
    expect((await kernel.ask(4711, node)).error).toBe(Errno.ENOSYS)
  })

  it('tells of a full disk', async () => {
    const kernel = await sample()
    const { body } = await kernel.ask(Opcode.STATFS, 1)
    expect(body).toHaveLength(80)
    expect(Number(body.readBigUInt64LE(0)) * 2048).toBe(fs.statSync(SAMPLE).size)
    expect(body.readBigUInt64LE(8)).toBe(0n)
    expect(body.readUInt32LE(44)).toBe(255)
  })

  it('opens nothing of an image that has changed since', async () => {
    const kernel = await Kernel.of((await openSample()).image, undefined, { isRewritten: () => true })
    expect((await kernel.open(await kernel.find('Welcome.txt'))).error).toBe(Errno.EIO)
  })
})

describe('what the image has lost', () => {
  const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i % 255) + 1)
  const cut = async (missing: number): Promise<{ kernel: Kernel; data: Uint8Array }> => {
    const data = bytesOf(40_000)
    const { bytes, blockOf } = buildIso([
      { name: 'A.BIN;1', data },
      { name: 'Z.BIN;1', data: bytesOf(3000) },
    ])
    const end = blockOf('A.BIN;1') * 2048 + data.byteLength - missing
    return { kernel: await Kernel.of(await openBytes(bytes.slice(0, end))), data }
  }

  it('reads up to the hole, then as an error', async () => {
    const { kernel, data } = await cut(10_001)
    const node = await kernel.find('A.BIN')
    const { handle, flags } = await kernel.open(node)
    expect(flags).toBe(OpenFlag.DIRECT_IO)
    const { error, body } = await kernel.read(node, handle, 0, 1 << 16)
    expect(error).toBe(0)
    expect(body.equals(Buffer.from(data.subarray(0, 29_999)))).toBe(true)
    expect((await kernel.read(node, handle, 29_999, 4096)).error).toBe(Errno.EIO)
    expect((await kernel.read(node, handle, 39_000, 1000)).error).toBe(Errno.EIO)
  })

  it('is an error from the first byte where nothing is left', async () => {
    const { kernel } = await cut(0)
    const node = await kernel.find('Z.BIN')
    const { handle } = await kernel.open(node)
    expect(attributesIn((await kernel.ask(Opcode.GETATTR, node, Buffer.alloc(16))).body, 16).size).toBe(3000)
    expect((await kernel.read(node, handle, 0, 4096)).error).toBe(Errno.EIO)
  })
})

describe('a hostile kernel', () => {
  it('gets an answer or none, and never stops the server', async () => {
    const kernel = await sample()
    const node = await kernel.find('Pictures')
    for (let opcode = 0; opcode < 64; opcode++) {
      for (const each of [0n, 1n, node, 0xffff_ffff_ffff_ffffn]) {
        for (const body of [new Uint8Array(0), new Uint8Array(1), new Uint8Array(7), new Uint8Array(64).fill(0xff)]) {
          const whole = kernel.request(opcode, each, body)
          await kernel.raw(whole)
          // A length that is not that of what came.
          for (const length of [0, 39, 41, 0xffffffff]) {
            whole.writeUInt32LE(length, 0)
            await kernel.raw(whole)
          }
          await kernel.raw(whole.subarray(0, 20))
        }
      }
    }
    expect(attributesIn((await kernel.ask(Opcode.GETATTR, 1, Buffer.alloc(16))).body, 16).number).toBe(1)
  })

  it('gets nothing for names without an end, or with two', async () => {
    const kernel = await sample()
    for (const name of ['Pictures', '', '\0', 'Pictures\0x', 'Pictures\0\0'])
      expect((await kernel.ask(Opcode.LOOKUP, 1, Buffer.from(name))).error).toBe(Errno.EINVAL)
  })
})

/** A member of a cpio archive (newc) without content. */
function cpioNode(name: string, mode: number, major: number, minor: number): Buffer {
  const fields = [1, mode, 0, 0, 1, 0, 0, 0, 0, major, minor, name.length + 1, 0]
  const text = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`
  return Buffer.from(text.padEnd(Math.ceil(text.length / 4) * 4, '\0'), 'latin1')
}
