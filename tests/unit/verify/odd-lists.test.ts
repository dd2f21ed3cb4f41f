import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../../src-shared/model'
import { findSums } from '../../../src-main/image/sums/sums'
import { verifyImage } from '../../../src-main/verify/verify'
import { buildIso } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'

const FREE = { checkpoint: () => undefined, progress: () => undefined }
const FILES = { 'ONE.TXT': 'the first file', 'TWO.TXT': 'the second one' }
const sumOf = (name: keyof typeof FILES, algorithm = 'md5'): string =>
  createHash(algorithm).update(FILES[name]).digest('hex')
/** Of no file here. */
const OTHER = (algorithm = 'md5'): string => createHash(algorithm).update('another file').digest('hex')

function open(listName: string, list: string): ReturnType<typeof openBytes> {
  const files = Object.entries({ ...FILES, [listName]: list })
  return openBytes(buildIso(files.sort().map(([name, data]) => ({ name: `${name};1`, data }))).bytes)
}

/** What a list makes of an image with two files: verdicts of its lines, and the sentences of those that do not pass. */
async function checked(listName: string, list: string): Promise<{ verdicts: Check['verdict'][]; told: string[] }> {
  const image = await open(listName, list)
  const { checks } = await verifyImage(image, image.info.defaultViewId, FREE)
  const ofLists = checks.filter(({ kind }) => kind === 'sum-file')
  const told = ofLists.filter(({ verdict }) => verdict !== 'passed').map(({ detail }) => detail)
  return { verdicts: ofLists.map(({ verdict }) => verdict), told }
}

describe('a list of sums', () => {
  it.each([
    ['a mount point', 'MD5SUMS', (sum: string) => `${sum}  /cdrom/ONE.TXT\n${sumOf('TWO.TXT')}  /cdrom/TWO.TXT\n`],
    ['a drive', 'MD5SUMS', (sum: string) => `${sum} *D:\\ONE.TXT\r\n${sumOf('TWO.TXT')} *D:\\TWO.TXT\r\n`],
    ['sizes', 'MD5SUMS', (sum: string) => `${sum}     14 ONE.TXT\n${sumOf('TWO.TXT')} 14 TWO.TXT\n`],
  ])('with %s before the names is compared', async (_, name, list) => {
    expect(await checked(name, list(sumOf('ONE.TXT')))).toEqual({ verdicts: ['passed', 'passed'], told: [] })
    const wrong = await checked(name, list(OTHER()))
    expect(wrong.told).toEqual([`“ONE.TXT” does not give the md5 sum in “${name}”.`])
  })

  it.each([
    ['B2SUMS', (sum: string) => `${sum}  ONE.TXT\n`],
    ['ONE.B2', (sum: string) => `${sum}  ONE.TXT\n`],
    ['CHECKSUM', (sum: string) => `BLAKE2b (ONE.TXT) = ${sum}\n`],
    [
      'SUMS.MD5',
      (sum: string) => `# BLAKE2B HASH\n${sum}  ONE.TXT\n# SHA512 HASH\n${sumOf('TWO.TXT', 'sha512')}  TWO.TXT\n`,
    ],
  ])('of BLAKE2b is compared: %s', async (name, list) => {
    expect((await checked(name, list(sumOf('ONE.TXT', 'blake2b512')))).told).toEqual([])
    expect((await checked(name, list(OTHER('blake2b512')))).told).toEqual([
      `“ONE.TXT” does not give the blake2b512 sum in “${name}”.`,
    ])
  })

  it.each([
    ['SHA3SUMS', `${OTHER('sha3-256')}  ONE.TXT\n`],
    ['SHA3SUMS', `SHA3-256 (ONE.TXT) = ${OTHER('sha3-256')}\n`],
    ['WHIRLPOOL', `${OTHER('sha512')}  ONE.TXT\n`],
    ['SUMS.MD5', `# WHIRLPOOL HASH\n${OTHER('sha512')}  ONE.TXT\n`],
  ])('of what nothing here can make is told, and compared with nothing else: %s', async (name, list) => {
    const { verdicts, told } = await checked(name, list)
    expect(verdicts).toEqual(['unreadable'])
    expect(told[0]).toContain('in a form that is not known')
  })

  it('that speaks of nothing in the image is told', async () => {
    const lost = await checked('MD5SUMS', `${OTHER()}  GONE.TXT\n${OTHER()}  SUB/LOST.TXT\n`)
    expect(lost.told).toEqual(['“MD5SUMS” names 2 files, none of which is in the image.'])
    // What is named after a single file is of that one, wherever it went.
    expect((await checked('GONE.MD5', `${OTHER()}  GONE\n`)).verdicts).toEqual([])
  })

  it('cannot hold its own sum: a line of itself is of what it was before', async () => {
    const list = `d41d8cd98f00b204e9800998ecf8427e  ./md5sum.txt\n${sumOf('ONE.TXT')}  ./ONE.TXT\n`
    expect(await checked('MD5SUM.TXT', list)).toEqual({ verdicts: ['passed'], told: [] })
    const image = await open('MD5SUM.TXT', list)
    const sums = await findSums(await image.view(image.info.defaultViewId).readTree())
    expect([...sums.values()].map(({ hex }) => hex)).toEqual([sumOf('ONE.TXT')])
  })
})
