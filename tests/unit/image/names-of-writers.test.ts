import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { twinDamage } from '../../../src-main/verify/twin-trees'
import { openBytes } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

/** Names that writers make identifiers of in ways of their own, a trailing `/` for folders. */
const NAMES = [
  ...['README.TXT', 'readme.txt', 'ReadMe.txt', 'readme01', 'readme0123', 'README02', 'a+b', 'a b', 'a-b', 'a_b'],
  ...[
    '.hidden',
    '.hidden.d/',
    '..two',
    'trail.',
    'no ext',
    'many.dots.in.one.name',
    'x;1',
    'percent%20.txt',
    'dollar$',
  ],
  ...[
    'org.gnome.settings-daemon.plugins.power.d/',
    'network-receive-symbolic.symbolic.png/',
    'network.receivesymbolicsymbolicsymbolic/',
  ],
  ...['libfoo.plugin-with-a-long-name.so.1.2', 'a long name that goes on beyond the thirty-first character.txt'],
  ...['a long name that goes on beyond the thirty-first character as well.txt', 'package.tar.gz', 'package.tar.xz'],
  ...[
    'Config.package.installed.version.~12~',
    'foo copy..привет.~1~',
    'file~',
    '#auto.save#',
    'note#1.txt',
    'backup.txt~',
  ],
  ...[
    'Äpfel.jpg',
    'Öpfel.jpg',
    'Übungen.txt',
    'Äbungen.txt',
    'Ünite',
    'Önite',
    'Äpfel/',
    'Öpfel/',
    'İstanbul',
    'ıstanbul',
  ],
  ...[
    'привет',
    'ПРИВЕТ',
    'Привет мир.mp3',
    'файл1',
    'файл2',
    'файл3.txt',
    '日本語.txt',
    '日本誤.txt',
    'e\u0301.txt',
    'é.txt',
  ],
  ...Array.from({ length: 30 }, (_, at) => `chapter of a book ${at}.html`),
  ...Array.from({ length: 12 }, (_, at) => `img_${at}.jpeg`),
]

const GENISOIMAGE = [
  ...['-R', '-R -J', '-R -l', '-R -J -U', '-R -l -allow-multidot', '-R -l -allow-lowercase', '-R -relaxed-filenames'],
  ...['-R -D -l -N -d', '-R -iso-level 1', '-R -iso-level 3 -J -joliet-long', '-R -iso-level 4', '-J -l', '-R -udf -J'],
  ...['-R -no-iso-translate', '-R -J -input-charset utf-8', '-R -l -input-charset koi8-r -output-charset cp437'],
]

const XORRISO = [
  ...[
    '-joliet off',
    '-joliet on',
    '-rockridge off -joliet on',
    '-hfsplus on',
    '-joliet on -compliance joliet_long_names',
  ],
  ...['-compliance iso_9660_level=1', '-compliance lowercase:7bit_ascii', '-compliance untranslated_names'],
  ...[
    '-compliance no_force_dots:long_names',
    '-compliance allow_dir_id_ext:full_ascii',
    '-joliet on -compliance deep_paths_off',
  ],
]

describe('what writers make of names is no damage', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-names-'))
  const source = path.join(folder, 'source')
  const legacy = path.join(folder, 'legacy')
  beforeAll(() => {
    for (const [at, name] of NAMES.entries()) {
      fs.mkdirSync(path.join(source, name.endsWith('/') ? name : '.'), { recursive: true })
      if (!name.endsWith('/')) fs.writeFileSync(path.join(source, name), `content of ${at}`)
    }
    // In the encodings of other times and places, which genisoimage takes into no Joliet.
    fs.mkdirSync(legacy)
    for (const name of ['voil\xe0.txt', 'spa\xdf.txt', '\xd6\xd0.txt', '\xc4\xc1', 'a\x7fb'])
      fs.writeFileSync(Buffer.concat([Buffer.from(`${legacy}/`), Buffer.from(name, 'latin1')]), name)
  })
  afterAll(() => {
    fs.rmSync(folder, { recursive: true, force: true })
  })

  /** All that reading the trees of an image, and comparing them, finds damaged. */
  async function damageOf(file: string): Promise<string[]> {
    const image = await openBytes(fs.readFileSync(file))
    const found: string[] = []
    for (const { id } of image.info.views)
      for (const { message } of await twinDamage(image, id, await image.view(id).readTree()))
        found.push(`${id}: ${message}`)
    for (const { severity, message } of image.diagnostics) if (severity === 'damage') found.push(message)
    await image.close()
    return found
  }

  for (const options of GENISOIMAGE)
    itWith(['genisoimage'], `genisoimage ${options}`, async () => {
      const out = path.join(temporaryFolder(), 'out.iso')
      const extra = options.includes('-J') ? [] : [legacy]
      run('genisoimage', ['-quiet', ...options.split(' '), '-o', out, source, ...extra])
      expect(await damageOf(out)).toEqual([])
    })

  for (const options of XORRISO)
    itWith(['xorriso'], `xorriso ${options}`, async () => {
      const out = path.join(temporaryFolder(), 'out.iso')
      run('xorriso', ['-outdev', out, ...options.split(' '), '-map', source, '/', '-map', legacy, '/'])
      expect(await damageOf(out)).toEqual([])
    })
})
