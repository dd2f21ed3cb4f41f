import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { PRESETS, withMore, type AuthorOptions } from '../../../src-main/author'
import { temporaryFolder } from '../support'

const DATA: AuthorOptions = PRESETS.data
const BIOS = { platform: 'bios', path: 'old.bin', emulation: 'none', hasInfoTable: true, hasGrubTable: false } as const

describe('what is said of an image beyond its preset', () => {
  it('changes nothing where nothing is said', () => {
    expect(withMore(DATA, {})).toEqual(DATA)
  })

  it('takes the place of texts, also of those that were recorded otherwise', () => {
    const options = { ...DATA, publisher: 'old', asRecorded: ['publisher', 'preparer'] as const }
    const { publisher, asRecorded } = withMore(options, { publisher: 'new' })
    expect({ publisher, asRecorded }).toEqual({ publisher: 'new', asRecorded: ['preparer'] })
    expect(withMore(options, { publisher: '' }).publisher).toBe('')
  })

  it('takes the place of a boot entry of its platform, BIOS first', () => {
    const { boots } = withMore(
      { ...DATA, boots: [BIOS] },
      { bootUefi: 'efi.img', bootBios: 'x.bin', bootTable: 'grub' },
    )
    expect(boots).toEqual([
      { ...BIOS, path: 'x.bin', hasInfoTable: true, hasGrubTable: true },
      { platform: 'uefi', path: 'efi.img', emulation: 'none', hasInfoTable: false, hasGrubTable: false },
    ])
    expect(withMore({ ...DATA, boots: [BIOS] }, { bootUefi: 'efi.img' }).boots[0]).toEqual(BIOS)
  })

  it('has one of the two kinds of sums', () => {
    expect(withMore({ ...DATA, md5: true }, { implantMd5: true })).toMatchObject({ md5: false, implantMd5: true })
  })

  it('names the file with boot code that is not there', () => {
    const mbrFile = path.join(temporaryFolder(), 'none.bin')
    expect(() => withMore(DATA, { hybrid: 'mbr', mbrFile })).toThrow("none.bin” doesn't exist")
    expect(() => withMore(DATA, { hybrid: 'mbr', mbrFile: 'none.bin' })).toThrow('“none.bin” is not a whole path')
  })
})
