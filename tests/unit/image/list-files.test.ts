import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { mayBeSumList } from '../../../src-main/image/sums/list-names'
import { findSums } from '../../../src-main/image/sums/sums'
import { findSumsIn } from '../../../src-main/image/sums/sums-above'
import { UNCONTROLLED } from '../../../src-main/task'
import { verifyImage } from '../../../src-main/verify/verify'
import { buildIso, concat, nm, px, sl, SP, type BuildNode } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'

const FILE = 0o100644
const LINK = 0o120777
const sumOf = (data: string, algorithm = 'md5'): string => createHash(algorithm).update(data).digest('hex')

function fileOf(name: string, data: string): BuildNode {
  return { name: `${name.toUpperCase().replace(/[^A-Z0-9.]/g, '_')};1`, data, use: concat(px(FILE), nm(name)) }
}

function linkOf(name: string, target: string): BuildNode {
  const components = target.split('/').map((part): [number, string] => (part === '..' ? [4, ''] : [0, part]))
  return { name: `${name.toUpperCase()};1`, use: concat(px(LINK), nm(name), sl(components)) }
}

function folderOf(name: string, children: BuildNode[]): BuildNode {
  return { name: name.toUpperCase(), children, use: concat(px(0o040755), nm(name)) }
}

function imageOf(...nodes: BuildNode[]): Promise<DiscImage> {
  return openBytes(buildIso([fileOf('a.txt', 'a'), ...nodes], { rootUse: concat(SP, px(0o040755)) }).bytes)
}

async function checked(image: DiscImage): Promise<string[]> {
  const { checks, verdict } = await verifyImage(image, 'rock-ridge', UNCONTROLLED)
  const ofLists = checks.filter(({ kind }) => kind === 'sum-file')
  return [verdict, ...ofLists.map((check) => `${check.verdict} ${check.path ?? ''}`)]
}

describe('names that may be those of lists', () => {
  test.each([
    ...['Fedora-CHECKSUM', 'Fedora-Server-39-1.5-x86_64-CHECKSUM', 'x.iso.DIGESTS', 'SHASUMS256.txt', 'md5sum-all.txt'],
    ...['sha512.sum', 'md5sum.README', 'md5-sums.lst', 'hashes.txt', 'all_checksums.txt.asc'],
  ])('%s', (name) => {
    expect(mayBeSumList(name)).toBe(true)
  })

  test.each([
    ...['md5sum.exe', 'sha256.c', 'md5.mod', 'libsha1.so', 'sha256-1.2-notes.c', 'README', 'README.txt', 'vmlinuz'],
    ...['digest.mod', 'summary.txt', 'assume.txt', 'a.txt', 'shapes.txt', 'share'],
  ])('but not %s', (name) => {
    expect(mayBeSumList(name)).toBe(false)
  })
})

describe('a list of a name that says more', () => {
  test.each([
    ['Fedora-CHECKSUM', 'sha256', (sum: string) => `# a.txt: 1 bytes\nSHA256 (a.txt) = ${sum}\n`],
    ['x.iso.DIGESTS', 'sha512', (sum: string) => `# SHA512 HASH\n${sum}  a.txt\n`],
    ['SHASUMS256.txt', 'sha256', (sum: string) => `${sum}  a.txt\n`],
    ['md5sum-all.txt', 'md5', (sum: string) => `${sum}  ./a.txt\n`],
    ['sha512.sum', 'sha512', (sum: string) => `${sum} *a.txt\n`],
    ['md5sum.README', 'md5', (sum: string) => `Compare these:\n\n${sum}  a.txt\n`],
    ['SHA384SUMS', 'sha384', (sum: string) => `${sum}  a.txt\n`],
    ['a.txt.sha384', 'sha384', (sum: string) => `${sum}\n`],
  ])('%s is compared', async (name, algorithm, list) => {
    const right = await imageOf(fileOf(name, list(sumOf('a', algorithm))))
    expect(await checked(right)).toEqual(['passed', 'passed a.txt'])
    const wrong = await imageOf(fileOf(name, list(sumOf('b', algorithm))))
    expect(await checked(wrong)).toEqual(['failed', 'failed a.txt'])
    const sums = await findSums(await wrong.view('rock-ridge').readTree())
    expect([...sums.values()]).toMatchObject([{ algorithm, hex: sumOf('b', algorithm), from: name }])
  })

  test.each([
    ['md5sum.README', 'How to compare checksums: see the manual.\n'],
    ['md5sum.README', `The sum of the image is ${sumOf('b')}.\n`],
    ['Fedora-CHECKSUM', 'nothing that looks like a sum\n'],
    ['Fedora-CHECKSUM', `SHA256 (Fedora.iso) = ${sumOf('b', 'sha256')}\n`],
  ])('%s is none where it holds no sums of files here', async (name, data) => {
    expect(await checked(await imageOf(fileOf(name, data)))).toEqual(['nothing-to-check'])
  })

  test('is told where its lines are of a form that is not known', async () => {
    const odd = await imageOf(fileOf('x-CHECKSUM', `a.txt has ${sumOf('a')} as its sum\n`))
    expect(await checked(odd)).toEqual(['failed', 'unreadable x-CHECKSUM'])
  })

  test('is looked for where distributions put theirs alone', async () => {
    const list = `${sumOf('b')}  a.txt\n`
    const deep = folderOf('usr', [fileOf('md5sum-all.txt', list), fileOf('a.txt', 'a')])
    expect(await checked(await imageOf(deep))).toEqual(['nothing-to-check'])
    const live = folderOf('live', [fileOf('md5sum-all.txt', list), fileOf('a.txt', 'a')])
    expect(await checked(await imageOf(live))).toEqual(['failed', 'failed a.txt'])
  })
})

describe('a list that is a link', () => {
  const held = (sum: string): BuildNode[] => [
    linkOf('md5sum.txt', 'real/sums.lst'),
    folderOf('real', [fileOf('sums.lst', `${sum}  ./a.txt\n${sumOf('c')}  ./sub/c.txt\n`)]),
    folderOf('sub', [fileOf('c.txt', 'c')]),
  ]

  test('is that to which it leads', async () => {
    expect(await checked(await imageOf(...held(sumOf('a'))))).toEqual(['passed', 'passed a.txt', 'passed sub/c.txt'])
    expect(await checked(await imageOf(...held(sumOf('b'))))).toEqual(['failed', 'failed a.txt', 'passed sub/c.txt'])
  })

  test('speaks of a part of the image too', async () => {
    const view = (await imageOf(...held(sumOf('a')))).view('rock-ridge')
    const sums = await findSumsIn(view, await view.readTree({ from: 'sub' }))
    expect([...sums.values()]).toMatchObject([{ hex: sumOf('c'), from: 'md5sum.txt' }])
  })

  test('is read once where the file that it leads to is a list itself, and not at all where it leads nowhere', async () => {
    const list = fileOf('md5sum.txt', `${sumOf('a')}  a.txt\n`)
    expect(await checked(await imageOf(list, linkOf('md5sums', 'md5sum.txt')))).toEqual(['passed', 'passed a.txt'])
    expect(await checked(await imageOf(linkOf('md5sums', 'nowhere')))).toEqual(['nothing-to-check'])
    expect(await checked(await imageOf(linkOf('md5sums', 'md5sums')))).toEqual(['nothing-to-check'])
  })
})
