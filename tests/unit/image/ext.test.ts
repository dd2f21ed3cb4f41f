import { describe, expect, it } from 'vitest'
import { verifyImage } from '../../../src-main/verify/verify'
import { codes, contentOf, openBytes } from '../../images/open-bytes'
import { expectContents, indexOf, sampleImage, smallTree } from '../../images/small-tree'

/** What tests/images/make-ext.sh puts into each of them. */
const CONTENTS = smallTree(20_000_000, 100)
const KINDS = [
  ['ext2', 'ext2'],
  ['ext2-old', 'ext2'],
  ['ext4', 'ext4'],
  ['inline', 'ext4'],
  ['bigalloc', 'ext4'],
  ['meta-groups', 'ext4'],
] as const
const image = (name: string): Uint8Array => sampleImage(`ext/${name}.img.zst`)

/** Where the inodes of group 0 begin, by its descriptor, in bytes. */
function inodeTable(bytes: Uint8Array, blockLength: number): number {
  const view = new DataView(bytes.buffer)
  return view.getUint32((Math.floor(1024 / blockLength) + 1) * blockLength + 8, true) * blockLength
}

/** Of an inode of `ext4`, in bytes of the volume. */
const inodeAt = (bytes: Uint8Array, number: number): number => inodeTable(bytes, 1024) + (number - 1) * 256

describe.each(KINDS)('%s', (name, label) => {
  it('lists everything, with owners, modes, times and links', async () => {
    const opened = await openBytes(image(name), { name: 'disk.img' })
    expect(opened.info.views.map((view) => [view.id, view.label])).toEqual([['ext', label]])
    expect(opened.info.completeness.status).toBe('complete')
    const table = await opened.view('ext').readTree()
    expect(table.damage).toEqual([])
    const found = Array.from({ length: table.length - 1 }, (_, index) => table.pathOf(index + 1))
    expect(found.toSorted()).toEqual(
      [...Object.keys(CONTENTS), 'folder', 'folder/deep', 'folder/link', 'folder/long-link', 'lost+found'].toSorted(),
    )
    expect(table.entry(indexOf(table, 'folder/link'))).toMatchObject({ kind: 'symlink', target: '../hello.txt' })
    expect(table.targetOf(indexOf(table, 'folder/long-link'))).toBe(`${'far/'.repeat(60)}away`)
    expect(table.entry(indexOf(table, 'hello.txt'))).toMatchObject({
      mode: 0o644,
      uid: 0,
      modified: Date.UTC(2001, 1, 3, 4, 5, 6),
      status: 'complete',
    })
    expect(table.hardLinkGroupOf(indexOf(table, 'hello.txt'))).toBe(
      table.hardLinkGroupOf(indexOf(table, 'folder/same.txt')),
    )
    expect(table.hardLinkGroupOf(indexOf(table, 'folder/numbers'))).toBe(-1)
  })

  it('gives every byte of every file, holes as zeros', async () => {
    await expectContents(await openBytes(image(name), { name: 'disk.img' }), 'ext', CONTENTS)
  })
})

describe('the journal', () => {
  it('counts, and is replayed in memory', async () => {
    const opened = await openBytes(image('dirty'), { name: 'disk.img' })
    expect(codes(opened)).toContain('JOURNAL_REPLAYED')
    expect(await contentOf(opened, 'hello.txt')).toBe('jrnal\n')
    expect(await contentOf(opened, 'folder/f1')).toBe('file 1\n')
    expect((await opened.view('ext').readTree()).damage).toEqual([])
  })

  it('leaves out what was never finished', async () => {
    const bytes = image('dirty')
    const view = new DataView(bytes.buffer)
    // The commit block: the journal's magic, of type 2.
    const at = Array.from({ length: bytes.byteLength / 1024 }, (_, block) => block * 1024).find(
      (place) => view.getUint32(place) === 0xc03b3998 && view.getUint32(place + 4) === 2,
    )
    view.setUint32(at!, 0)
    const opened = await openBytes(bytes, { name: 'disk.img' })
    expect(await contentOf(opened, 'hello.txt')).toBe('hello\n')
  })
})

describe('an ext volume that lies', () => {
  it('has files that are too long marked as lost', async () => {
    const bytes = image('ext4')
    const clean = await (await openBytes(bytes, { name: 'disk.img' })).view('ext').readTree()
    const view = new DataView(bytes.buffer)
    // Inodes from 12 on are the files'; whichever is `folder/numbers` has 108 894 bytes.
    const length = clean.byteLengthOf(indexOf(clean, 'folder/numbers'))
    const number = Array.from({ length: 200 }, (_, index) => index + 12).find(
      (inode) => view.getUint32(inodeAt(bytes, inode) + 4, true) === length,
    )!
    view.setUint32(inodeAt(bytes, number) + 108, 0x10000000, true)
    const opened = await openBytes(bytes, { name: 'disk.img' })
    const table = await opened.view('ext').readTree()
    expect(table.statusOf(indexOf(table, 'folder/numbers'))).toBe('lost')
    expect(table.damage.map(({ code }) => code)).toContain('INODE_DAMAGED')
    expect(table.statusOf(indexOf(table, 'hello.txt'))).toBe('complete')
  })

  it('has maps of blocks that contain themselves told', async () => {
    const bytes = image('ext2')
    const view = new DataView(bytes.buffer)
    for (let number = 12; number < 200; number++) {
      const at = inodeTable(bytes, 1024) + (number - 1) * 256
      const double = view.getUint32(at + 40 + 13 * 4, true)
      if (double === 0 || view.getUint32(at + 4, true) < 1_000_000) continue
      for (let index = 0; index < 256; index++) view.setUint32(double * 1024 + index * 4, double, true)
    }
    const opened = await openBytes(bytes, { name: 'disk.img' })
    const table = await opened.view('ext').readTree()
    expect(table.statusOf(indexOf(table, 'folder/deep/mixed'))).toBe('lost')
    expect(table.damage.map(({ code }) => code)).toEqual(['INODE_DAMAGED'])
  })

  it('loses the rest of a block with an entry of length 0, and says so', async () => {
    const bytes = image('ext4')
    const root = new DataView(bytes.buffer)
    const at = inodeAt(bytes, 2)
    const block = root.getUint32(at + 40 + 12 + 8, true) * 1024
    root.setUint16(block + 24 + 4, 0, true)
    const opened = await openBytes(bytes, { name: 'disk.img' })
    const table = await opened.view('ext').readTree()
    expect(table.length).toBe(1)
    expect(table.damage.map(({ code }) => code)).toEqual(['DIRECTORY_SUM_WRONG', 'DIRECTORY_UNREADABLE'])
  })

  it('tells of inodes and directories whose sums differ, and shows them all the same', async () => {
    const bytes = image('ext4')
    const view = new DataView(bytes.buffer)
    // A time, and a letter of a name: nothing else would show it.
    const inode = inodeAt(bytes, 2)
    bytes[inode + 16] = (bytes[inode + 16] ?? 0) ^ 1
    const block = view.getUint32(inode + 40 + 12 + 8, true) * 1024
    const name = Buffer.from(bytes.buffer).indexOf('hello.txt', block)
    bytes[name] = 0x48
    const table = await (await openBytes(bytes, { name: 'disk.img' })).view('ext').readTree()
    expect(table.damage.map(({ code }) => code).toSorted()).toEqual(['DIRECTORY_SUM_WRONG', 'INODE_SUM_WRONG'])
    expect(table.statusOf(indexOf(table, 'Hello.txt'))).toBe('complete')
  })

  it('tells of a superblock whose sum differs', async () => {
    const bytes = image('ext4')
    // Whether the journal is to be replayed: files are other ones without it.
    bytes[1024 + 96] = (bytes[1024 + 96] ?? 0) ^ 0x4
    expect(codes(await openBytes(bytes, { name: 'disk.img' }))).toContain('SUPERBLOCK_SUM_WRONG')
  })

  it('tells of an inode of another kind than its folder says, where no sum does', async () => {
    const bytes = image('ext2')
    const entry = Buffer.from(bytes.buffer).indexOf('\x06\x02folder', 0, 'latin1') - 6
    const number = new DataView(bytes.buffer).getUint32(entry, true)
    const inodeLength = new DataView(bytes.buffer).getUint16(1024 + 88, true)
    const at = inodeTable(bytes, 1024) + (number - 1) * inodeLength
    new DataView(bytes.buffer).setUint16(at, 0o100755, true)
    const table = await (await openBytes(bytes, { name: 'disk.img' })).view('ext').readTree()
    expect(table.damage.map(({ code }) => code)).toContain('INODE_DAMAGED')
  })

  it.each([
    ['blocks of 2^50 bytes', 24, 40],
    ['no inodes in a group', 40, 0],
    ['features of tomorrow', 96, 0x80000000],
    ['the journal of another volume', 96, 8],
  ])('is refused in a sentence: %s', async (_, at, value) => {
    const bytes = image('ext4')
    new DataView(bytes.buffer).setUint32(1024 + at, value, true)
    await expect(openBytes(bytes, { name: 'disk.img' })).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringMatching(/^This Linux volume .*\.$/) as string,
    })
  })
})

/** Made by tests/images/make-ext-encrypted.py; Linux without the key gives these names. */
const LOCKED = {
  content: 'secret/wO5zVnfSvSrg479SpxZZ47RbCVKO1AAC-HzTMR1j9ZuOFIa9O8TTlQ',
  link: 'secret/QCy5I-anb2oP2_1-L4bmVGHFNs0dRV7xluKI6Wf2S4BHwmoL9UpKvQ',
  long: 'secret/hm2o4hHHooAW7p9IoGNE98s5AFprgl5cb-RE864W9tXcdW1ycUTfl5eIYiNNQpLH0C58JU3LyPY5sZL4cqnl_JPQYrIKd9xr8p9HMZ3uBPZ23ik24wJIgKY00wYCTXScde_Fdc6LFcHFR_8g1chCupNQO8xbVccm5Pvl8kBm-UPiHsihy6yBvMsoRJRkBo3ZpCFHB86mCFUOPEX8lmNOGc7m1Ul3ouD3QeB_9ma1XVuu2e0BJaDRs3l-z3Su',
}

describe('an encrypted folder of ext4', () => {
  it('is called encrypted, and neither damaged nor cut', async () => {
    const opened = await openBytes(image('encrypted'), { name: 'disk.img' })
    const table = await opened.view('ext').readTree()
    expect(new Set(table.damage.map(({ code }) => code))).toEqual(new Set(['NAMES_ENCRYPTED']))
    for (const path of [LOCKED.content, LOCKED.link]) {
      const index = indexOf(table, path)
      expect([table.statusOf(index), table.isEncryptedOf(index)]).toEqual(['lost', true])
    }
    expect(table.isEncryptedOf(indexOf(table, 'plain.txt'))).toBe(false)
    const { checks, verdict } = await verifyImage(opened, 'ext', {
      checkpoint: () => undefined,
      progress: () => undefined,
    })
    expect(verdict).toBe('failed')
    const told = checks.filter((check) => check.verdict !== 'passed')
    expect(told.map((check) => [check.verdict, check.detail.includes('is encrypted'), check.details?.reason])).toEqual([
      ['unreadable', true, 'contentEncrypted'],
      ['unreadable', true, 'contentEncrypted'],
    ])
  })

  it('has the names that Linux gives without the key, long ones too', async () => {
    const opened = await openBytes(image('encrypted'), { name: 'disk.img' })
    const table = await opened.view('ext').readTree()
    for (const path of Object.values(LOCKED)) expect(indexOf(table, path)).toBeGreaterThan(0)
  })
})
