import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { isInstalled, run } from '../unit/desktop/programs'
import { temporaryFolder, treeOf } from '../unit/support'

const lines = (count: number, word: string): string =>
  Array.from({ length: count }, (_, index) => `${word} ${index * index}\n`).join('')
const shared = randomBytes(50_000)

/** What the images of an installer hold, by name. */
const IMAGES: [name: string, files: Record<string, string | Uint8Array>][] = [
  [
    'Windows Setup Media',
    {
      'setup.exe': 'setup',
      bootmgr: 'manager',
      'sources/lang.ini': 'en-us',
      'boot/etfsboot.com': randomBytes(4096),
      'efi/microsoft/boot/efisys.bin': randomBytes(65_536),
    },
  ],
  ['Microsoft Windows PE (x64)', { 'Windows/System32/a.dll': lines(40_000, 'a'), 'Windows/r.bin': shared }],
  [
    'Microsoft Windows Setup (x64)',
    { 'Windows/System32/a.dll': lines(40_000, 'a'), 'sources/setup.dll': lines(90_000, 'setup') },
  ],
  ['Windows 11 Home', { 'Windows/System32/k.dll': lines(100_000, 'kernel'), 'Windows/r.bin': shared }],
  ['Windows 11 Pro', { 'Windows/System32/k.dll': lines(100_000, 'kernel'), 'Windows/edition': 'pro' }],
]

/** Its folders by the names of images, and the file, made by another program. */
function makeEsd(images = IMAGES, isOneRun = false): { folder: string; esd: string } {
  const folder = temporaryFolder()
  const esd = path.join(folder, 'made.esd')
  const target = isOneRun ? path.join(folder, 'parts.wim') : esd
  for (const [index, [name, files]] of images.entries()) {
    for (const [file, bytes] of Object.entries(files)) {
      const at = path.join(folder, String(index + 1), file)
      fs.mkdirSync(path.dirname(at), { recursive: true })
      fs.writeFileSync(at, bytes)
    }
    const how = isOneRun ? [] : ['--solid', '--solid-compress=LZMS']
    run('wimlib-imagex', [
      index === 0 ? 'capture' : 'append',
      path.join(folder, String(index + 1)),
      target,
      name,
      ...how,
    ])
  }
  if (isOneRun) run('wimlib-imagex', ['export', target, 'all', esd, '--solid', '--solid-compress=LZMS'])
  return { folder, esd }
}

/** Unpacks images of a file by another program: they hold what they were made of. */
function expectImages(file: string, folder: string, indexes: readonly number[]): void {
  run('wimlib-imagex', ['verify', file])
  for (const [place, index] of indexes.entries()) {
    const out = temporaryFolder()
    run('wimlib-imagex', ['apply', file, String(place + 1), out])
    expect(treeOf(out)).toEqual(treeOf(path.join(folder, String(index))))
  }
}

describe.skipIf(!isInstalled('wimlib-imagex'))('an installer of Windows in one file (needs wimlib-imagex)', () => {
  it.each([
    ['with a solid resource for each image', false],
    ['with one solid resource for all', true],
  ])(
    'becomes a disc that starts, %s',
    (_, isOneRun) => {
      const { folder, esd } = makeEsd(IMAGES, isOneRun)
      const image = path.join(folder, 'out.iso')
      const { status, rows } = isolde(['convert', esd, image, '--as', 'iso', '--json'])
      expect(status).toBe(0)
      expect(rows.at(-1)).toMatchObject({ boot: [{ platform: 'bios' }, { platform: 'uefi' }], problems: 0 })
      const out = temporaryFolder()
      expect(isolde(['extract', image, '--to', out]).status).toBe(0)
      const [boot, install] = ['boot.wim', 'install.esd'].map((name) => path.join(out, 'sources', name))
      expectImages(boot!, folder, [2, 3])
      expectImages(install!, folder, [4, 5])
      const info = run('wimlib-imagex', ['info', boot!])
      expect(info).toMatch(/Compression:\s+XPRESS/)
      expect(info).toMatch(/Boot Index:\s+2/)
      expect(run('wimlib-imagex', ['info', install!])).toMatch(/Compression:\s+LZMS/)
      // What is packed stays so: no more than it was, and the contents of the other images may go.
      expect(fs.statSync(install!).size).toBeLessThan(fs.statSync(esd).size + 4096)
      fs.rmSync(boot!)
      fs.rmSync(install!)
      expect(treeOf(out)).toEqual(treeOf(path.join(folder, '1')))
    },
    60_000,
  )

  it('is refused in a sentence where it is laid out otherwise, and nothing is left', () => {
    for (const images of [IMAGES.slice(0, 3), [...IMAGES.slice(3), ...IMAGES.slice(0, 3)]]) {
      const { folder, esd } = makeEsd(images)
      const { status, stderr } = isolde(['convert', esd, path.join(folder, 'out.iso')])
      expect(stderr).toContain('is no installer of Windows in one file')
      expect(status).toBe(2)
      expect(fs.readdirSync(folder).filter((name) => name.includes('out') || name.startsWith('.'))).toEqual([])
    }
  })

  it.each([
    ['the systems that start', shared],
    ['the disc itself', IMAGES[0]![1]['efi/microsoft/boot/efisys.bin'] as Buffer],
  ])('is refused where a file of %s does not fit its sum, and verify says so', (_, content) => {
    const { folder, esd } = makeEsd()
    const bytes = fs.readFileSync(esd)
    const at = bytes.indexOf(content.subarray(1000, 1064))
    // Random bytes do not pack, so that they lie there as they are.
    if (at < 0) return
    bytes[at] = bytes[at]! ^ 1
    fs.writeFileSync(esd, bytes)
    expect(isolde(['verify', esd]).status).toBe(1)
    const { status, stderr } = isolde(['convert', esd, path.join(folder, 'out.iso'), '--as', 'iso'])
    expect(stderr).toContain('Its own sums speak against it')
    expect(status).toBe(4)
    expect(fs.existsSync(path.join(folder, 'out.iso'))).toBe(false)
  })
})
