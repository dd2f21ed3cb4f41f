import { describe, expect, it } from 'vitest'
import { confirmWord, type Drive } from '../../../src-main/devices'
import { isConfirmedBy } from '../../../src-main/devices/identity'

const drive = (path: string, model = ''): Drive => ({
  ...{
    id: `file:${Buffer.from(path).toString('hex')}`,
    path,
    model,
    serial: '',
    byteLength: 1,
    bus: 'usb',
    removable: true,
    readOnly: false,
  },
  ...{ diskSequence: null, volumes: [] },
})
const wordsOf = (...drives: Drive[]): string[] => drives.map((each) => confirmWord(each, drives))

describe('the word that confirms what is lost', () => {
  it('is what a drive is called, in one word', () => {
    expect(wordsOf(drive('/dev/sdb', 'SanDisk  Ultra'), drive('/tmp/b.img'))).toEqual(['SanDisk-Ultra', 'b.img'])
  })

  it('is never that of two drives', () => {
    expect(wordsOf(drive('/dev/sdb', 'Ultra'), drive('/dev/sdc', 'Ultra'))).toEqual(['Ultra-sdb', 'Ultra-sdc'])
    expect(wordsOf(drive('/tmp/b.img'), drive('/tmp/sub/b.img'))).toEqual(['/tmp/b.img', '/tmp/sub/b.img'])
    expect(wordsOf(drive('/dev/sdb', 'Foo'), drive('/dev/sdc', 'Foo'), drive('/dev/sdd', 'Foo sdb'))).toEqual([
      'Foo-/dev/sdb',
      'Foo-sdc',
      'Foo-sdb-sdd',
    ])
    const alike = [drive('/tmp/a b'), drive('/tmp/a-b'), drive('/tmp/"')]
    expect(new Set(wordsOf(...alike)).size).toBe(3)
  })

  it('can be pasted into a shell, and typed as the name is', () => {
    const odd = drive('/tmp/we ird"n$(x)`.img', '')
    expect(confirmWord(odd, [odd])).toBe('we-ird-n-(x)-.img')
    expect(isConfirmedBy('we ird"n$(x)`.img', odd, [odd])).toBe(true)
    expect(isConfirmedBy('weird', odd, [odd])).toBe(false)
    expect(wordsOf(drive('/tmp/-rf.img'))).toEqual(['rf.img'])
  })
})
