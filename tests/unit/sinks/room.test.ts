import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { collect, planImage, PRESETS, writePlan } from '../../../src-main/author'
import { assertRoomFor } from '../../../src-main/sinks/room'
import { temporaryFolder } from '../support'

const FAT_TYPE = 0x4d44
const isRoot = process.getuid?.() === 0
const real = fs.statfsSync

/** @param bytes that are free on every disk */
function disk(bytes: number, type?: number): void {
  const statfs = (at: string): fs.StatsFs =>
    Object.assign(real(at), { bavail: bytes, bsize: 1 }, type === undefined ? {} : { type })
  vi.spyOn(fs, 'statfsSync').mockImplementation(statfs as typeof fs.statfsSync)
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a file that is about to be written', () => {
  it('is refused with both figures where there is no room for it', () => {
    const folder = temporaryFolder()
    disk(1_500_000)
    expect(() => assertRoomFor(path.join(folder, 'x.iso'), 4_000_000)).toThrow(
      expect.objectContaining({
        code: 'NO_SPACE',
        message: expect.stringMatching(/has 1\.5 MB free, and 4\.0 MB are to be written/) as string,
        details: { reason: 'notEnoughRoom', folder, free: 1_500_000, needed: 4_000_000 },
      }),
    )
    expect(() => assertRoomFor(path.join(folder, 'x.iso'), 1_500_000)).not.toThrow()
  })

  it('is refused where no file of the disk can be as long', () => {
    disk(2 ** 40, FAT_TYPE)
    const target = path.join(temporaryFolder(), 'x.iso')
    expect(() => assertRoomFor(target, 2 ** 32)).toThrow(expect.objectContaining({ code: 'FILE_TOO_LARGE' }))
  })

  it('is refused on a read-only disk, and where somebody may not write', () => {
    const folder = temporaryFolder()
    for (const [system, code] of [
      ['EROFS', 'READ_ONLY'],
      ['EACCES', 'NO_PERMISSION'],
    ] as const) {
      vi.spyOn(fs, 'accessSync').mockImplementation(() => {
        throw Object.assign(new Error(system), { code: system })
      })
      expect(() => assertRoomFor(path.join(folder, 'x.iso'), 1)).toThrow(expect.objectContaining({ code }))
    }
  })

  it.skipIf(isRoot || process.platform === 'win32')('is refused in a folder of somebody else', () => {
    const folder = temporaryFolder()
    fs.chmodSync(folder, 0o500)
    expect(() => assertRoomFor(path.join(folder, 'x.iso'), 1)).toThrow(
      expect.objectContaining({ code: 'NO_PERMISSION' }),
    )
  })

  it('is measured by the folder that its own would be made in, and refused below a file', () => {
    const folder = temporaryFolder()
    fs.writeFileSync(path.join(folder, 'file'), '')
    disk(1000)
    expect(() => assertRoomFor(path.join(folder, 'not/there/x.iso'), 1001)).toThrow(
      expect.objectContaining({ code: 'NO_SPACE' }),
    )
    expect(() => assertRoomFor(path.join(folder, 'file/x.iso'), 1)).toThrow(
      expect.objectContaining({ code: 'NOT_A_FOLDER' }),
    )
    expect(fs.readdirSync(folder)).toEqual(['file'])
  })
})

it('is asked about an image before a byte of it is written', async () => {
  const folder = temporaryFolder()
  fs.mkdirSync(path.join(folder, 'in'))
  fs.writeFileSync(path.join(folder, 'in/one.txt'), 'one')
  const { root } = collect([{ path: path.join(folder, 'in'), at: '' }])
  const plan = await planImage(root, PRESETS.data)
  disk(1000)
  const watched = vi.spyOn(fs, 'openSync')
  const control = { checkpoint: () => undefined, progress: () => undefined }
  await expect(writePlan(plan, path.join(folder, 'out/x.iso'), control)).rejects.toMatchObject({ code: 'NO_SPACE' })
  expect(watched).not.toHaveBeenCalled()
  expect(fs.readdirSync(folder)).toEqual(['in'])
})
