import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { namedIso } from '../../images/named-iso'
import { sampleImage } from '../../images/small-tree'
import { noise } from '../rescue/noise'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

const ISO = Buffer.from(namedIso({ 'first.bin': noise(50_000, 11), 'second.bin': noise(70_000, 12) }, 'FIRST'))
const SUMMED = Buffer.from(sampleImage('summed.iso.zst'))

let folder: string
let disk: string
beforeEach(() => {
  folder = temporaryFolder()
  disk = path.join(folder, 'disk.img')
  fs.writeFileSync(disk, Buffer.concat([noise(512 * 7, 1), ISO, noise(512 * 33, 2), SUMMED, noise(9000, 3)]))
})

const at = (name: string): string => path.join(folder, name)

describe('isolde find', () => {
  it('tells each find as an object a line, then a summary, and exits 0 without a profile', () => {
    const { status, rows, stderr } = isolde(['find', disk, '--json'])
    expect([status, stderr]).toEqual([0, ''])
    expect(rows).toMatchObject([
      { number: 1, byteOffset: 3584, byteLength: ISO.byteLength, name: 'FIRST.iso', state: 'whole' },
      { number: 2, byteLength: SUMMED.byteLength, state: 'proven', identity: { name: 'Isolde' } },
      { summary: true, finds: 2, proven: 1, whole: 1, unreadable: 0 },
    ])
    expect(rows[0]).toMatchObject({ fragments: [[3584, ISO.byteLength]] })
  })

  it('saves finds, and checks them', () => {
    const { status, stdout } = isolde(['find', disk, '--save', '2', '--to', at('out')])
    expect(status).toBe(0)
    expect(stdout).toMatch(
      / 2 {2}saved as .*\.iso: passed its checks\.\n2 disc images found; 2 of them are all there\.\n$/,
    )
    const [name = ''] = fs.readdirSync(at('out'))
    expect(fs.readFileSync(path.join(at('out'), name)).equals(SUMMED)).toBe(true)
  })

  it('keeps its map where it is told to, and goes on from it', () => {
    expect(isolde(['find', disk, '--map', at('map')]).status).toBe(0)
    expect(fs.readFileSync(at('map'), 'utf8')).toMatch(/^# Mapfile/)
    expect(isolde(['find', disk, '--map', at('map'), '--resume', '--json']).rows).toHaveLength(3)
    const { status, stderr } = isolde(['find', disk, '--map', '/dev/null/map'])
    expect(status).toBe(4)
    expect(stderr).toContain('/dev/null/map cannot be written')
  })

  it('exits 1 where something is not whole, 3 where nothing is there', () => {
    fs.truncateSync(disk, 3584 + ISO.byteLength - 40_000)
    expect(isolde(['find', disk]).stdout).toContain('PARTLY OVERWRITTEN: FIRST.iso')
    expect(isolde(['find', disk]).status).toBe(1)
    fs.writeFileSync(disk, noise(100_000, 4))
    expect(isolde(['find', disk])).toMatchObject({ status: 3, stdout: 'No disc image was found.\n' })
  })

  it.each([
    [['find'], 2, 'Name the disk'],
    [['find', 'DISK', 'more'], 2, 'one argument too many'],
    [['find', 'DISK', '--save', '1'], 2, 'Say where to'],
    [['find', 'DISK', '--to', 'x'], 2, 'Say which finds'],
    [['find', 'DISK', '--save', '0,x', '--to', 'x'], 2, '--save takes numbers'],
    [['find', 'DISK', '--save', '9', '--to', 'x'], 4, 'There is no find 9'],
    [['find', 'nowhere'], 4, 'doesn’t exist'.replace('’', "'")],
    [['find', '.'], 2, 'is a folder'],
    [['find', 'EMPTY'], 3, 'is empty'],
    [['find', 'DISK', '--map', 'EMPTY', '--resume'], 4, 'is no map of ddrescue'],
  ])('refuses %j in one sentence', (args, wanted, sentence) => {
    fs.writeFileSync(at('empty'), '')
    const named = args.map((arg) => ({ DISK: disk, EMPTY: at('empty') })[arg] ?? arg)
    const { status, stderr } = isolde(named, { cwd: folder })
    expect(stderr.split('\n')[0]).toContain(sentence)
    expect(status).toBe(wanted)
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'says what to do without the right to read',
    () => {
      fs.chmodSync(disk, 0)
      const { status, stderr } = isolde(['find', disk])
      expect(status).toBe(4)
      expect(stderr).toContain('run this as root (sudo), or as a member of its group (disk).')
    },
  )
})
