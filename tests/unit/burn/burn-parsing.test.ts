import { describe, expect, it } from 'vitest'
import { assertFits, readCdrskinMedium, readXorrisoMedium, type Medium } from '../../../src-main/burn/medium'
import { hdiutilArguments, hdiutilProgress, isoburnArguments, isoburnPlace } from '../../../src-main/burn/other-systems'
import { burnArguments, complaintIn, mediumArguments, writtenIn } from '../../../src-main/burn/programs'

/** What xorriso 1.5 prints of a drive, by its manual. */
const xorriso = (
  current: string,
  status: string,
  blocks: string,
): string => `xorriso 1.5.4 : RockRidge filesystem manipulator

Drive current: -outdev '/dev/sr0'
Drive access : exclusive:unrestricted
Drive type   : vendor 'HL-DT-ST' product 'BD-RE GGW-H20L' revision 'YL07'
Media current: ${current}
Media status : ${status}
Media blocks : ${blocks}
Media summary: 0 sessions, 0 data blocks, 0 data,  703m free
Write speed  :   2117k , 12.0xC
Write speed  :    706k ,  4.0xC
Write speed L:    706k ,  4.0xC
`
const MINFO = (type: string, status: string, erasable: string): string => `scsidev: '/dev/sr0'
Mounted media class:      CD
Mounted media type:       ${type}
Disk Is ${erasable}erasable
disk status:              ${status}
session status:           empty
`

describe('what lies in a burner', () => {
  it('as xorriso tells it', () => {
    expect(readXorrisoMedium(xorriso('CD-R', 'is blank', '0 readable , 359845 writable , 359845 overall'))).toEqual({
      kind: 'CD-R',
      state: 'blank',
      isRewritable: false,
      roomBytes: 359_845 * 2048,
      speeds: [706, 2117],
    })
    expect(
      readXorrisoMedium(xorriso('CD-RW', 'is written , is closed', '1000 readable , 0 writable , 1000 overall')),
    ).toMatchObject({ kind: 'CD-RW', state: 'written', isRewritable: true, roomBytes: null })
    expect(
      readXorrisoMedium(
        xorriso('DVD+RW', 'is written , is appendable', '9 readable , 2295000 writable , 2295104 overall'),
      ),
    ).toMatchObject({ state: 'written', isRewritable: true, roomBytes: 2_295_104 * 2048 })
    expect(readXorrisoMedium(xorriso('is not present', 'is not recognizable', ''))).toMatchObject({
      state: 'none',
      kind: '',
    })
    expect(readXorrisoMedium('')).toMatchObject({ state: 'none' })
  })

  it('as cdrskin tells it', () => {
    expect(readCdrskinMedium(MINFO('CD-R', 'empty', 'not '), 'cdrskin 1.5.4\n359845\n')).toMatchObject({
      kind: 'CD-R',
      state: 'blank',
      isRewritable: false,
      roomBytes: 359_845 * 2048,
    })
    expect(readCdrskinMedium(MINFO('CD-RW', 'complete', ''), '0\n')).toMatchObject({
      state: 'written',
      isRewritable: true,
      roomBytes: null,
    })
    expect(readCdrskinMedium('', '')).toMatchObject({ state: 'none' })
  })

  const medium: Medium = { kind: 'CD-RW', state: 'blank', isRewritable: true, roomBytes: 4096, speeds: [] }
  it.each([
    [{}, 4096, false, null],
    [{}, 4097, false, 'DRIVE_TOO_SMALL'],
    [{ state: 'none' }, 1, true, 'NO_MEDIUM'],
    [{ state: 'written' }, 1, false, 'NOT_BLANK'],
    [{ state: 'written' }, 1, true, null],
    [{ state: 'written', isRewritable: false }, 1, true, 'NOT_BLANK'],
    [{ state: 'unknown', roomBytes: null }, 1e12, false, null],
  ] as [Partial<Medium>, number, boolean, string | null][])(
    '%j takes %i bytes, emptied %s: %s',
    (other, length, isBlanked, code) => {
      const attempt = (): void => {
        assertFits({ ...medium, ...other }, '/dev/sr0', length, isBlanked)
      }
      if (code === null) expect(attempt).not.toThrow()
      else expect(attempt).toThrow(expect.objectContaining({ code }) as Error)
    },
  )
})

describe('how a burner is started', () => {
  const settings = { drive: '/dev/sr0', isFile: false, byteLength: 5000, speed: 8, isBlanked: true }
  it('by arguments that all of them know', () => {
    expect(burnArguments('xorriso', settings)).toEqual([
      '-as',
      'cdrecord',
      '-v',
      'dev=/dev/sr0',
      'blank=as_needed',
      'speed=8',
      'tsize=3s',
      'padsize=0',
      '-data',
      '-',
    ])
    expect(burnArguments('cdrskin', { ...settings, isBlanked: false, speed: null })).toEqual([
      '-v',
      'dev=/dev/sr0',
      'tsize=3s',
      'padsize=0',
      '-data',
      '-',
    ])
    expect(burnArguments('wodim', settings)).toEqual([
      '-v',
      'dev=/dev/sr0',
      'blank=fast',
      'speed=8',
      '-sao',
      'tsize=3s',
      'padsize=0',
      '-data',
      '-',
    ])
    expect(burnArguments('cdrskin', { ...settings, drive: '/tmp/x', isFile: true })).toContain('dev=stdio:/tmp/x')
    expect(mediumArguments('xorriso', settings)).toEqual([['-outdev', '/dev/sr0', '-toc', '-list_speeds']])
    expect(mediumArguments('cdrskin', settings)).toHaveLength(2)
    expect(mediumArguments('wodim', settings)).toEqual([])
  })

  it('tells how far it is, and what went wrong', () => {
    expect(writtenIn('xorriso : UPDATE :   12 of  340 MB written (fifo 100%) [buf  99%]   8.0x.')).toBe(12 * 2 ** 20)
    expect(writtenIn('Track 01:    5 of   10 MB written (fifo  98%) [buf 100%]   4.0x.')).toBe(5 * 2 ** 20)
    expect(writtenIn('Starting to write')).toBeNull()
    expect(
      complaintIn(
        "Beginning\rxorriso : FAILURE : Cannot determine attributes of '/x'\nxorriso : UPDATE : 1 of 2 MB written\n",
      ),
    ).toBe("Cannot determine attributes of '/x'")
    expect(complaintIn('')).toBe('')
  })

  it('on other systems', () => {
    expect(hdiutilArguments('/a b.iso', null, null, false)).toEqual([
      'burn',
      '-puppetstrings',
      '-noeject',
      '-verifyburn',
      '/a b.iso',
    ])
    expect(hdiutilArguments('/a.iso', 'IOService:/x', 4, true)).toEqual([
      'burn',
      '-puppetstrings',
      '-noeject',
      '-verifyburn',
      '-erase',
      '-speed',
      '4',
      '-device',
      'IOService:/x',
      '/a.iso',
    ])
    expect(hdiutilProgress('PERCENT:12.5')).toBe(0.125)
    expect(hdiutilProgress('PERCENT:-1.000000')).toBeNull()
    expect(hdiutilProgress('MESSAGE:Burning Track')).toBeNull()
    expect(isoburnPlace('C:\\Windows\\')).toBe('C:\\Windows\\System32\\isoburn.exe')
    expect(isoburnArguments('C:\\a b.iso', 'E:\\')).toEqual(['/Q', 'E:', 'C:\\a b.iso'])
    expect(isoburnArguments('C:\\a.iso', null)).toEqual(['/Q', 'C:\\a.iso'])
  })
})
