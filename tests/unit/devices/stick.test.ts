import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { collect, makeNode, type AuthorContent, type AuthorNode } from '../../../src-main/author'
import { bytesContent } from '../../../src-main/author/layout'
import { planStick, type StickPlan } from '../../../src-main/author/stick/stick'
import { splitWim } from '../../../src-main/author/stick/wim-split'
import { FileByteSource } from '../../../src-main/files/file-byte-source'
import { planEmpty } from '../../../src-main/devices'
import { openImage, type DiscImage } from '../../../src-main/image'
import { temporaryFolder, treeOf } from '../support'

const MIB = 1 << 20
const has = (program: string): boolean => spawnSync('which', [program], { stdio: 'ignore' }).status === 0
const run = (program: string, args: string[], cwd?: string): string => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    cwd,
    env: { ...process.env, MTOOLS_SKIP_CHECK: '1' },
  })
  expect(`${program} ${args.join(' ')}: ${status} ${stderr}${status === 0 ? '' : stdout}`).toBe(
    `${program} ${args.join(' ')}: 0 ${stderr}`,
  )
  return stdout
}

let source: string

beforeAll(() => {
  source = fs.mkdtempSync('/tmp/isolde-stick-')
  fs.mkdirSync(path.join(source, 'EFI/BOOT'), { recursive: true })
  fs.mkdirSync(path.join(source, 'Ein Ordner mit Überlänge und – Strichen'))
  fs.mkdirSync(path.join(source, 'empty'))
  fs.writeFileSync(path.join(source, 'EFI/BOOT/BOOTX64.EFI'), noise(123_457))
  fs.writeFileSync(path.join(source, 'nothing.txt'), '')
  fs.writeFileSync(path.join(source, 'Ein Ordner mit Überlänge und – Strichen', 'straße.txt'), 'ß')
  for (let i = 0; i < 200; i++) fs.writeFileSync(path.join(source, 'EFI', `file number ${i}.txt`), String(i))
  return () => {
    fs.rmSync(source, { recursive: true, force: true })
  }
})

function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    bytes[i] = state >>> 16
  }
  return bytes
}

function treeOfSource(): AuthorNode {
  const collected = collect([{ path: source, at: '' }])
  return collected.root
}

/** The drive that is planned, with what no range covers full of what was there before. */
async function written({ layout, ranges }: StickPlan, driveLength: number): Promise<string> {
  const file = path.join(temporaryFolder(), 'drive.img')
  const descriptor = fs.openSync(file, 'w+')
  fs.writeSync(descriptor, Buffer.alloc(8 * MIB, 0xa5), 0, 8 * MIB, 0)
  fs.ftruncateSync(descriptor, driveLength)
  for (const { byteOffset, byteLength } of ranges)
    for (let at = byteOffset; at < byteOffset + byteLength; at += MIB) {
      const bytes = await layout.read(at, Math.min(MIB, byteOffset + byteLength - at))
      fs.writeSync(descriptor, bytes, 0, bytes.byteLength, at)
    }
  fs.closeSync(descriptor)
  await layout.close()
  return file
}

function partOf(drive: string, { byteOffset, byteLength }: StickPlan['partitions'][number]): string {
  const part = `${drive}.${byteOffset}`
  run('dd', [
    `if=${drive}`,
    `of=${part}`,
    'bs=1M',
    `skip=${byteOffset / MIB}`,
    `count=${Math.ceil(byteLength / MIB)}`,
    'status=none',
  ])
  fs.truncateSync(part, byteLength)
  return part
}

async function opened(file: string): Promise<DiscImage> {
  return openImage(FileByteSource.open(file), { name: path.basename(file) })
}

/** What our own readers see, by path: the bytes of each file. */
async function readBack(file: string): Promise<Record<string, string>> {
  const image = await opened(file)
  const table = await image.view(image.info.defaultViewId).readTree()
  const tree: Record<string, string> = {}
  for (let i = 1; i < table.length; i++) {
    const content = table.kindOf(i) === 'file' ? table.content(i) : null
    tree[table.pathOf(i)] =
      content === null ? '/' : Buffer.from(await content.read(0, content.byteLength)).toString('base64')
  }
  return tree
}

describe('a drive that is made of files', () => {
  it.each(['mbr', 'gpt'] as const)('has a FAT32 volume that others read as we do (%s)', async (table) => {
    const plan = planStick([{ type: 'fat32', label: 'Win', root: treeOfSource(), byteLength: null }], table, 100 * MIB)
    const drive = await written(plan, 100 * MIB)
    const part = partOf(drive, plan.partitions[0]!)
    expect(await readBack(part)).toEqual(treeOf(source))
    if (has('fsck.fat')) expect(run('fsck.fat', ['-n', part])).not.toMatch(/differences|dirty|wrong/i)
    if (has('sgdisk') && table === 'gpt') expect(run('sgdisk', ['-v', drive])).toContain('No problems found')
    if (!has('mcopy')) return
    const out = temporaryFolder()
    run('mcopy', ['-s', '-n', '-i', part, '::/*', out])
    expect(treeOf(out)).toEqual(treeOf(source))
  })

  it('has an exFAT volume beside it that others take for whole', async () => {
    const root = treeOfSource()
    const boot = makeNode({ name: '', kind: 'directory', children: root.children.filter(({ name }) => name === 'EFI') })
    const plan = planStick(
      [
        { type: 'fat32', label: 'BOOT', root: boot, byteLength: 40 * MIB },
        { type: 'exfat', label: 'Everything', root, byteLength: null },
      ],
      'gpt',
      120 * MIB,
    )
    const drive = await written(plan, 120 * MIB)
    const [first, second] = plan.partitions.map((each) => partOf(drive, each))
    expect(await readBack(second!)).toEqual(treeOf(source))
    expect(Object.keys(await readBack(first!)).filter((name) => !name.includes('/'))).toEqual(['EFI'])
    if (has('sgdisk')) expect(run('sgdisk', ['-v', drive])).toContain('No problems found')
    if (has('fsck.fat')) run('fsck.fat', ['-n', first!])
    if (has('fsck.exfat')) expect(run('fsck.exfat', ['-n', second!])).toContain('clean')
  })

  it('says what FAT cannot hold', () => {
    const plan = (...names: string[]): StickPlan => {
      const children = names.map((name) => makeNode({ name, kind: 'file', content: bytesContent(noise(5), name) }))
      return planStick(
        [{ type: 'fat32', label: '', root: makeNode({ name: '', kind: 'directory', children }), byteLength: null }],
        'mbr',
        100 * MIB,
      )
    }
    expect(() => plan('a:b')).toThrow('cannot hold')
    expect(() => plan('ends.')).toThrow('cannot hold')
    expect(() => plan('Readme', 'README')).toThrow('case of letters')
    expect(() => plan('ÄHRE', 'ähre')).toThrow('case of letters')
    // FAT knows no letter that is two in capitals.
    expect(() => plan('STRASSE', 'straße')).not.toThrow()
    expect(() => planStick([], 'mbr', 20 * MIB)).not.toThrow()
  })

  it('says where a drive is too small', () => {
    const root = treeOfSource()
    expect(() => planStick([{ type: 'fat32', label: '', root, byteLength: null }], 'mbr', 20 * MIB)).toThrow(
      /too small for FAT32, which needs 34101760 at least\. Use exFAT/,
    )
    const fat = (driveLength: number): StickPlan =>
      planStick([{ type: 'fat32', label: '', root, byteLength: null }], 'mbr', driveLength)
    // Volumes end at a page.
    expect(() => fat(MIB + 34_103_296)).not.toThrow()
    expect(() => fat(MIB + 34_099_200)).toThrow('too small')
    const plan = (driveLength: number): StickPlan =>
      planStick(
        [{ type: 'exfat', label: '', root: makeNode({ name: '', kind: 'directory' }), byteLength: null }],
        'mbr',
        driveLength,
      )
    expect(() => plan(MIB)).toThrow('The drive has 1048576 bytes, and 1142784 are needed.')
    expect(() => plan(MIB + 4096)).toThrow('which needs 94208 at least')
    expect(() => plan(MIB + 94208)).not.toThrow()
  })

  it('has the nearest date that FAT can say', async () => {
    const dates = [1970, 1999, 2107, 2108, 2150].map((year) => Date.UTC(year, 5, 1))
    const children = dates.map((modified, i) => makeNode({ name: `f${i}`, kind: 'file', modified }))
    const root = makeNode({ name: '', kind: 'directory', children })
    for (const type of ['fat32', 'exfat'] as const) {
      const plan = planStick([{ type, label: '', root, byteLength: null }], 'mbr', 100 * MIB)
      const image = await opened(partOf(await written(plan, 100 * MIB), plan.partitions[0]!))
      const table = await image.view(image.info.defaultViewId).readTree()
      const years = [1, 2, 3, 4, 5].map((i) => new Date(table.modifiedOf(i)).getUTCFullYear())
      expect(years).toEqual([1980, 1999, 2107, 2107, 2107])
    }
  })

  it('tells the label that a volume has', () => {
    const root = makeNode({ name: '', kind: 'directory' })
    const labelOf = (type: 'fat32' | 'exfat', label: string): string | undefined =>
      planStick([{ type, label, root, byteLength: null }], 'mbr', 100 * MIB).partitions[0]?.label
    expect([labelOf('fat32', 'Fotos/été'), labelOf('fat32', ''), labelOf('exfat', 'a\tété')]).toEqual([
      'FOTOS__T_',
      '',
      'a_été',
    ])
    expect(() => planEmpty('fat32', 'été', 100 * MIB)).toThrow('“É” is not among its characters')
    expect(() => planEmpty('exfat', 'a\tb', 100 * MIB)).toThrow('none that moves a cursor')
    expect(planEmpty('fat32', 'photos 1', 100 * MIB).parts).toMatchObject([{ label: 'PHOTOS 1' }])
    expect(planEmpty('exfat', '日本語', 100 * MIB).parts).toMatchObject([{ label: '日本語' }])
  })
})

describe.skipIf(!has('wimlib-imagex'))('a Windows image that is split (wimlib-imagex)', () => {
  it.each(['XPRESS', 'LZX', 'none'])('is whole in its parts: %s', async (method) => {
    const folder = temporaryFolder()
    const wim = path.join(folder, 'install.wim')
    const files = path.join(folder, 'files')
    fs.mkdirSync(files)
    for (let i = 0; i < 40; i++) fs.writeFileSync(path.join(files, `noise ${i}.bin`), noise(20_000 + i * 100, i))
    run('wimlib-imagex', ['capture', files, wim, 'One', '--boot', `--compress=${method}`])
    run('wimlib-imagex', ['append', source, wim, 'Two'])
    const content: AuthorContent = {
      byteLength: fs.statSync(wim).size,
      origin: 'install.wim',
      open: () => FileByteSource.open(wim),
    }
    const parts = (await splitWim(content, 'install', 300_000))!
    expect(parts.map(({ name }) => name)).toEqual(['install.swm', 'install2.swm', 'install3.swm', 'install4.swm'])
    for (const part of parts) {
      expect(part.content.byteLength).toBeLessThanOrEqual(300_000)
      const layout = part.content.open()
      fs.writeFileSync(path.join(folder, part.name), await layout.read(0, layout.byteLength))
      await layout.close()
    }
    run('wimlib-imagex', ['verify', 'install.swm', '--ref=install*.swm'], folder)
    run('wimlib-imagex', ['join', 'joined.wim', 'install.swm', 'install2.swm', 'install3.swm', 'install4.swm'], folder)
    run('wimlib-imagex', ['apply', 'joined.wim', '2', 'two'], folder)
    expect(treeOf(path.join(folder, 'two'))).toEqual(treeOf(source))
    expect(run('wimlib-imagex', ['info', 'install.swm'], folder)).toMatch(/Boot Index:\s+1/)
  })

  it('leaves what is solid as it is', async () => {
    const esd = path.join(temporaryFolder(), 'install.wim')
    run('wimlib-imagex', ['capture', source, esd, 'One', '--solid'])
    const content: AuthorContent = {
      byteLength: fs.statSync(esd).size,
      origin: 'x',
      open: () => FileByteSource.open(esd),
    }
    expect(await splitWim(content, 'install', 100_000)).toBeNull()
  })

  it('leaves one as it is with a file that is too long even as it is packed', async () => {
    const folder = temporaryFolder()
    fs.mkdirSync(path.join(folder, 'files'))
    fs.writeFileSync(path.join(folder, 'files', 'long'), noise(300_000))
    const wim = path.join(folder, 'install.wim')
    run('wimlib-imagex', ['capture', path.join(folder, 'files'), wim, 'One', '--compress=none'])
    const content: AuthorContent = {
      byteLength: fs.statSync(wim).size,
      origin: 'x',
      open: () => FileByteSource.open(wim),
    }
    expect(await splitWim(content, 'install', 100_000, 200_000)).toBeNull()
    expect(await splitWim(content, 'install', 100_000, 400_000)).not.toBeNull()
  })
})
