import zlib from 'node:zlib'
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../../src-shared/model'
import { verifyImage } from '../../../src-main/verify/verify'
import { openBytes, scratch } from '../../images/open-bytes'
import { sampleImage } from '../../images/small-tree'
import { itWith } from '../desktop/programs'

const FREE = { checkpoint: () => undefined, progress: () => undefined }
const PACKED = 'What is packed gives the checksums packed with it.'
const cpio = sampleImage('cpio/newc.cpio.zst')

async function verified(name: string, bytes: Uint8Array): Promise<{ checks: Check[]; verdict: string }> {
  const image = await openBytes(bytes, { name, ...scratch })
  const { checks, verdict } = await verifyImage(image, image.info.defaultViewId, FREE)
  await image.close()
  return { checks, verdict }
}

describe('sums of what is packed as a whole', () => {
  const zstd = (isSummed: boolean): Buffer =>
    zlib.zstdCompressSync(cpio, { params: { [zlib.constants.ZSTD_c_checksumFlag]: isSummed ? 1 : 0 } })

  it('are a check that passed', async () => {
    for (const [name, bytes] of [
      ['a.cpio.gz', zlib.gzipSync(cpio)],
      ['two.cpio.gz', Buffer.concat([zlib.gzipSync(cpio), zlib.gzipSync(cpio)])],
      ['a.cpio.zst', zstd(true)],
      ['sample.iso.bz2', sampleImage('sample.iso.bz2.zst')],
    ] as const) {
      const { checks, verdict } = await verified(name, bytes)
      expect(checks, name).toContainEqual({ kind: 'container', verdict: 'passed', detail: PACKED })
      expect(verdict, name).toBe('passed')
    }
  })

  itWith('xz', 'are one of .xz, unless it was made without', async () => {
    for (const [check, isSummed] of [
      ['crc32', true],
      ['none', false],
    ] as const) {
      const { stdout } = spawnSync('xz', ['-c', `--check=${check}`], { input: cpio })
      const { checks, verdict } = await verified('a.cpio.xz', stdout)
      expect(checks.some(({ detail }) => detail === PACKED)).toBe(isSummed)
      expect(verdict).toBe(isSummed ? 'passed' : 'nothing-to-check')
    }
  })

  it('are none where one of the parts has none, or does not fit', async () => {
    const damaged = zlib.gzipSync(cpio)
    damaged.writeUInt8(damaged.readUInt8(damaged.byteLength - 8) ^ 1, damaged.byteLength - 8)
    for (const bytes of [zstd(false), Buffer.concat([zstd(true), zstd(false)]), damaged]) {
      const { checks } = await verified('a.cpio', bytes)
      expect(checks.filter(({ detail }) => detail === PACKED)).toEqual([])
    }
  })
})

describe('sums that a file system keeps of itself', () => {
  const found = (checks: readonly Check[]): Check[] =>
    checks.filter(({ detail }) =>
      detail.startsWith('The checksums that the file system keeps of its own structures fit'),
    )

  it('are a check that passed, and prove nothing of contents', async () => {
    const { checks, verdict } = await verified('volume.img', sampleImage('ext/ext4.img.zst'))
    expect(found(checks)).toMatchObject([{ kind: 'structures', verdict: 'passed' }])
    expect(verdict).toBe('nothing-to-check')
  })

  it('are none of a volume that keeps none', async () => {
    expect(found((await verified('volume.img', sampleImage('ext/ext2.img.zst'))).checks)).toEqual([])
  })

  it('are no check that passed where one does not fit', async () => {
    const bytes = Buffer.from(sampleImage('ext/ext4.img.zst'))
    bytes.writeUInt8(bytes.readUInt8(1024 + 1020) ^ 1, 1024 + 1020)
    const { checks, verdict } = await verified('volume.img', bytes)
    expect(found(checks)).toEqual([])
    expect(verdict).toBe('failed')
  })
})
