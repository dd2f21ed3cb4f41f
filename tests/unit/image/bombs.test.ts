import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openLocation } from '../../../src-main/engine'
import { limitUnpacking, openScratchFile } from '../../../src-main/files/scratch'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder } from '../support'

const MEBIBYTE = 1 << 20

let folder: string
let temporary: string

beforeEach(() => {
  folder = temporaryFolder()
  temporary = path.join(folder, 'tmp')
  fs.mkdirSync(temporary)
  vi.spyOn(os, 'tmpdir').mockReturnValue(temporary)
})

afterEach(() => {
  limitUnpacking(0)
  vi.restoreAllMocks()
})

function written(name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name)
  fs.writeFileSync(file, bytes)
  return file
}

function roomOf(bytes: number): void {
  const real = fs.statfsSync
  const statfs = (at: string): fs.StatsFs => Object.assign(real(at), { bavail: bytes, bsize: 1, blocks: bytes * 2 })
  vi.spyOn(fs, 'statfsSync').mockImplementation(statfs as typeof fs.statfsSync)
}

const image = buildIso([{ name: 'A.BIN;1', data: new Uint8Array(40 * MEBIBYTE) }]).bytes

describe('a compressed stream', () => {
  it.each([
    ['zst', zstdCompressSync],
    ['gz', gzipSync],
  ] as const)('is not unpacked where no image begins like that: .%s', async (suffix, compress) => {
    const file = written(`bomb.iso.${suffix}`, compress(Buffer.alloc(64 * MEBIBYTE)))
    const write = vi.spyOn(fs, 'writeSync')
    await expect(openLocation(file)).rejects.toMatchObject({
      code: 'NOT_AN_IMAGE',
      message: expect.stringMatching(/begins with nothing but zeros.*has \d.*free/) as string,
    })
    expect(write).not.toHaveBeenCalled()
    expect(fs.readdirSync(temporary)).toEqual([])
  })

  it('is not unpacked further where the disk would be filled, and says what room there is', async () => {
    const file = written('large.iso.gz', gzipSync(image))
    roomOf(5 * MEBIBYTE)
    await expect(openLocation(file)).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringMatching(/large\.iso .*5\.2 MB are free.*TMPDIR/) as string,
    })
    expect(fs.readdirSync(temporary)).toEqual([])
  })

  it('is not unpacked to more than is allowed', async () => {
    const file = written('large.iso.gz', gzipSync(image))
    limitUnpacking(20 * MEBIBYTE)
    await expect(openLocation(file)).rejects.toMatchObject({
      code: 'NO_SPACE',
      message: expect.stringContaining('21.0 MB') as string,
    })
    expect(fs.readdirSync(temporary)).toEqual([])
    limitUnpacking(0)
    const opened = await openLocation(file)
    expect((await opened.image.view('iso9660').readTree()).nameOf(1)).toBe('A.BIN')
    await opened.close()
  })

  it('is opened where the image begins later than most', async () => {
    const late = new Uint8Array(6 * MEBIBYTE)
    // An anchor of UDF, and nothing else.
    late.set([2, 0, 2, 0], 256 * 2048)
    late.set([0, 1, 0, 0], 256 * 2048 + 12)
    await expect(openLocation(written('late.udf.gz', gzipSync(late)))).rejects.toMatchObject({
      message: expect.not.stringContaining('not unpacked further') as string,
    })
  })
})

it('scratch space that runs full names the room', async () => {
  const scratch = await openScratchFile('x.iso', Infinity)
  vi.spyOn(fs, 'writeSync').mockImplementation(() => {
    throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  })
  await expect(scratch.write(new Uint8Array(10))).rejects.toMatchObject({
    code: 'NO_SPACE',
    message: expect.stringContaining(temporary) as string,
  })
  await scratch.discard()
  expect(fs.readdirSync(temporary)).toEqual([])
})
