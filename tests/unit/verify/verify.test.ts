import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseTreeinfo } from '../../../src-main/image/sums/treeinfo'
import { readTag } from '../../../src-main/verify/libisofs-tags'
import { verifyImage } from '../../../src-main/verify/verify'
import type { Check, CheckKind, VerifyReport } from '../../../src-shared/model'
import { buildIso, concat, nm, px, SECTOR, SP, type BuiltImage } from '../../images/iso-builder'
import { openBytes, scratch } from '../../images/open-bytes'
import { packZisofs, zisofsUse } from '../../images/zisofs'
import { isolde } from '../cli/command-line'
import { temporaryFolder } from '../support'

const FREE = { checkpoint: () => undefined, progress: () => undefined }

function packed(name: string): Buffer {
  return zlib.zstdDecompressSync(fs.readFileSync(path.resolve('tests/images', `${name}.zst`)))
}

async function verified(bytes: Uint8Array): Promise<VerifyReport> {
  const image = await openBytes(bytes)
  return verifyImage(image, image.info.defaultViewId, FREE)
}

/** Which checks came out how, without their sentences. */
function outcomes({ checks }: VerifyReport, kind: CheckKind): Check['verdict'][] {
  return checks.filter((check) => check.kind === kind).map(({ verdict }) => verdict)
}

let summed: Buffer
beforeEach(() => {
  summed = packed('summed.iso')
})

/** The image with one bit turned over where a text stands. */
function spoiled(bytes: Buffer, text: string, skip = 0): Buffer {
  const at = bytes.indexOf(text) + skip
  expect(at).toBeGreaterThan(skip)
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

describe('files that are packed', () => {
  it('are unpacked, since a block that does not is damage that no directory shows', async () => {
    const content = new Uint8Array(100_000).map((_, at) => (at * 7 + (at >> 9)) & 255)
    const { bytes, blockOf } = buildIso(
      [{ name: 'A.BIN;1', data: packZisofs(content), use: concat(px(0o100644), nm('a.bin'), zisofsUse(100_000)) }],
      { rootUse: concat(SP, px(0o040755)) },
    )
    expect((await verified(bytes)).verdict).toBe('nothing-to-check')
    const at = blockOf('A.BIN;1') * SECTOR + 1000
    bytes[at] = (bytes[at] ?? 0) ^ 0x55
    const report = await verified(bytes)
    expect(report.verdict).toBe('failed')
    expect(report.checks.filter(({ verdict }) => verdict === 'failed')).toMatchObject([{ path: 'a.bin' }])
  })
})

describe('an image that carries sums', () => {
  it('passes every one of them', async () => {
    const report = await verified(summed)
    expect(report.verdict).toBe('passed')
    expect(outcomes(report, 'length')).toEqual(['passed'])
    expect(outcomes(report, 'structures')).toEqual(['passed'])
    expect(outcomes(report, 'implanted-md5')).toEqual(['passed'])
    // Volume descriptors, directory tree, session.
    expect(outcomes(report, 'libisofs-md5')).toEqual(['passed', 'passed', 'passed'])
    const listed = report.checks.filter(({ kind }) => kind === 'sum-file').map((check) => check.path)
    expect(listed.toSorted()).toEqual(['one.txt', 'one.txt', 'three.txt', 'two.txt'])
    expect(outcomes(report, 'treeinfo')).toEqual(['passed'])
  })

  it('is not failed for a packed file, which the Joliet tree has as it is stored', async () => {
    const content = Buffer.alloc(100_000, 'packed ')
    const data = packZisofs(content)
    const mode = px(0o100644)
    const build = (location: number): BuiltImage =>
      buildIso([{ name: 'A.BIN;1', data, use: concat(mode, nm('a.bin'), zisofsUse(content.byteLength)) }], {
        rootUse: concat(SP, px(0o040755)),
        joliet: [{ name: 'a.bin', location, byteLength: data.byteLength }],
      })
    const { bytes } = build(build(0).blockOf('A.BIN;1'))
    expect(outcomes(await verified(Buffer.from(bytes)), 'structures')).toEqual(['passed'])
  })

  it('shows by them where a flipped bit lies', async () => {
    const at = summed.indexOf('two\n') + 130_000
    const copy = Buffer.from(summed)
    copy[at] = (copy[at] ?? 0) ^ 1
    const report = await verified(copy)
    expect(report.verdict).toBe('failed')
    const failed = report.checks.filter(({ verdict }) => verdict !== 'passed')
    expect(failed.map(({ kind, path: of }) => [kind, of])).toEqual([
      ['implanted-md5', undefined],
      ['libisofs-md5', undefined],
      ['sum-file', 'two.txt'],
      ['libisofs-md5', 'two.txt'],
    ])
    const [implanted] = failed
    const span = /between byte (\d+) and byte (\d+)/.exec(implanted?.detail ?? '')
    expect(Number(span?.[1])).toBeLessThanOrEqual(at)
    expect(Number(span?.[2])).toBeGreaterThan(at)
    expect(implanted?.byteOffset).toBe(Number(span?.[1]))
  })

  it('fails by the sum in .treeinfo alone where only that names the file', async () => {
    const report = await verified(spoiled(summed, 'kernel\n'))
    expect(outcomes(report, 'treeinfo')).toEqual(['failed'])
    expect(outcomes(report, 'sum-file')).toEqual(['passed', 'passed', 'passed', 'passed'])
  })

  it('says that a sum is damaged itself', async () => {
    const tag = summed.indexOf('libisofs_tree_checksum_tag_v1')
    const report = await verified(
      spoiled(summed, 'libisofs_tree_checksum_tag_v1', summed.indexOf(' self=', tag) + 8 - tag),
    )
    expect(outcomes(report, 'libisofs-md5')).toEqual(['passed', 'failed', 'failed', 'passed'])
    expect(report.checks.some(({ detail }) => detail.includes('is damaged itself'))).toBe(true)
  })

  it.each([
    ['its name', 'ISO MD5SUM = ', 4],
    ['a digit of it', 'ISO MD5SUM = ', 13],
  ])('says that the implanted sum is damaged itself: %s', async (_, text, skip) => {
    const copy = Buffer.from(summed)
    copy.write('~', copy.indexOf(text) + skip, 'latin1')
    const report = await verified(copy)
    expect([report.verdict, outcomes(report, 'implanted-md5')]).toEqual(['failed', ['unreadable']])
  })

  it('says where the chain of sums breaks off', async () => {
    const report = await verified(spoiled(summed, 'libisofs_tree_checksum_tag_v1', 3))
    expect(outcomes(report, 'libisofs-md5')).toContain('unreadable')
  })

  it('cannot be checked where it was cut off, and says so', async () => {
    const report = await verified(summed.subarray(0, summed.byteLength - 500_000))
    expect(report.verdict).toBe('failed')
    expect(outcomes(report, 'length')).toEqual(['failed'])
    expect(outcomes(report, 'implanted-md5')).toEqual(['unreadable'])
    expect(outcomes(report, 'sum-file')).toContain('unreadable')
  })

  it('counts the bytes that it will read, and reads no more', async () => {
    const image = await openBytes(summed)
    let total = 0
    let done = 0
    await verifyImage(image, 'rock-ridge', {
      checkpoint: () => undefined,
      progress: ({ bytesDone, bytesTotal }) => {
        total = bytesTotal ?? total
        done = bytesDone ?? done
      },
    })
    expect(done).toBe(total)
    expect(total).toBeGreaterThan(180_000)
  })

  it('can be stopped', async () => {
    const image = await openBytes(summed)
    const stop = (): never => {
      throw new Error('stopped')
    }
    await expect(verifyImage(image, 'rock-ridge', { ...FREE, checkpoint: stop })).rejects.toThrow('stopped')
  })
})

describe('sessions', () => {
  it('are each checked by their own sums, as far back as they reach', async () => {
    const report = await verified(packed('grown.iso'))
    expect(report.verdict).toBe('passed')
    // The relocated descriptors, and three for each session.
    expect(outcomes(report, 'libisofs-md5')).toEqual(Array<string>(7).fill('passed'))
  })
})

describe('an image without sums', () => {
  it('has nothing to check, and says no more than that', async () => {
    const report = await verified(buildIso([{ name: 'A;1', data: 'a' }]).bytes)
    expect(report).toMatchObject({ verdict: 'nothing-to-check' })
    expect(report.checks.map(({ kind }) => kind)).toEqual(['length', 'structures'])
  })

  it('names a file that a list names and the image lacks', async () => {
    const data = `${'0'.repeat(32)}  ./there.txt\n${'1'.repeat(32)}  ./gone.txt\n`
    const { bytes } = buildIso([
      { name: 'MD5SUM.TXT;1', data },
      { name: 'THERE.TXT;1', data: 'x' },
    ])
    const report = await verified(bytes)
    expect(report.checks.filter(({ kind }) => kind === 'sum-file').map(({ verdict }) => verdict)).toEqual([
      // A plain name is in capitals.
      'failed',
      'unreadable',
    ])
    expect(report.verdict).toBe('failed')
  })
})

describe('parts', () => {
  it('of .treeinfo are read as they are written', () => {
    const text = '[general]\na = sha256:00\n[checksums]\nimages/a b.img = SHA256:ABCD\nc=md5:12\nd = crc:1\n'
    expect(parseTreeinfo(text)).toEqual([
      { path: 'images/a b.img', algorithm: 'sha256', hex: 'abcd' },
      { path: 'c', algorithm: 'md5', hex: '12' },
    ])
  })

  it('of a tag are numbers of blocks', () => {
    const at = summed.indexOf('libisofs_sb_checksum_tag_v1')
    const tag = readTag(summed.subarray(at, at + 2048))
    expect(tag).toMatchObject({ position: at / 2048, rangeStart: 0, rangeSize: at / 2048, isIntact: true })
    expect(readTag(Buffer.alloc(2048))).toBeNull()
  })
})

describe('isolde verify', () => {
  it.each([
    ['whole', (bytes: Buffer) => bytes, 0, 'passed'],
    ['damaged', (bytes: Buffer) => spoiled(bytes, 'kernel\n'), 1, 'failed'],
  ])('answers for an image that is %s', (name, change, status, verdict) => {
    const file = path.join(temporaryFolder(), `${name}.iso`)
    fs.writeFileSync(file, change(summed))
    const run = isolde(['verify', file, '--json'])
    expect(run.status).toBe(status)
    expect(run.rows).toHaveLength(1)
    expect(run.rows[0]).toMatchObject({ verdict })
    const words = isolde(['verify', file])
    expect(words.status).toBe(status)
    expect(words.stdout).toContain(status === 0 ? 'passed all checks' : 'FAILED      “boot/vmlinuz”')
    expect(isolde(['verify', file, '--quiet']).stdout.split('\n').length).toBe(status === 0 ? 1 : 5)
  })

  it('refuses what is no image', () => {
    const file = path.join(temporaryFolder(), 'no.iso')
    fs.writeFileSync(file, 'no')
    expect(isolde(['verify', file]).status).toBe(3)
    expect(isolde(['verify', '/no/such.iso']).status).toBe(4)
    expect(isolde(['verify']).status).toBe(2)
  })
})

/** Images that lack nothing, of several writers: see tests/images/make.sh. */
const GOOD = fs
  .readdirSync('tests/images')
  .filter((name) => /\.(?:iso|img)\.zst$/.test(name) && !/^(?:cut|not-found)/.test(name))

describe('an image that is whole', () => {
  it.each(GOOD)('fails no check, in no tree: %s', async (name) => {
    const bytes = zlib.zstdDecompressSync(fs.readFileSync(path.join('tests/images', name)))
    const image = await openBytes(bytes, { name: name.replace('.zst', ''), ...scratch })
    for (const { id } of image.info.views) {
      const { checks } = await verifyImage(image, id, FREE)
      expect(checks.filter(({ verdict }) => verdict !== 'passed')).toEqual([])
    }
    await image.close()
  })
})
