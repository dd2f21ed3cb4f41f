import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { itWith, run } from './programs'

const require = createRequire(import.meta.url)
const { load } = require('js-yaml') as { load: (text: string) => unknown }
const read = (file: string): Record<string, unknown> => load(fs.readFileSync(file, 'utf8')) as Record<string, unknown>
const script = (name: string): Promise<unknown> => import(pathToFileURL(path.resolve('scripts', name)).href)

/** What is made while packaging. */
const MADE = /^(?:dist|release|\.cache\/package)\b/

/** Every string of a configuration that may be the name of a file in this repository. */
function namedFiles(value: unknown, key = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => namedFiles(item, key))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, item]) => namedFiles(item, name))
  if (typeof value !== 'string') return []
  if (key === 'fpm') return [value.split('=')[0] ?? '']
  return ['from', 'icon', 'include', 'entitlements', 'entitlementsInherit', 'buildResources'].includes(key)
    ? [value]
    : []
}

describe('electron-builder.yml', () => {
  const config = read('electron-builder.yml')

  it('is what electron-builder takes', async () => {
    const builder = require('app-builder-lib/out/util/config/config') as {
      validateConfiguration(config: unknown, logger: { isEnabled: boolean }): Promise<void>
    }
    await expect(builder.validateConfiguration(structuredClone(config), { isEnabled: false })).resolves.toBeUndefined()
    await expect(builder.validateConfiguration({ ...config, nonsense: 1 }, { isEnabled: false })).rejects.toThrow(
      'nonsense',
    )
  })

  it('names files that are there', () => {
    const files = namedFiles(config).filter((file) => !MADE.test(file))
    expect(files.length).toBeGreaterThan(15)
    expect(files.filter((file) => !fs.existsSync(file))).toEqual([])
  })

  it('packs what the main process reads from resources', () => {
    const sources = fs
      .readdirSync('src-main/desktop')
      .map((name) => fs.readFileSync(`src-main/desktop/${name}`, 'utf8'))
    const read = sources.flatMap((text) =>
      [...text.matchAll(/'\.\.\/\.\.\/(resources\/[^']*)'/g)].map(([, file = '']) => file),
    )
    const packed = config.files as string[]
    expect(read.length).toBeGreaterThan(1)
    for (const file of read) {
      expect(fs.existsSync(file), file).toBe(true)
      expect(
        packed.some((pattern) => pattern === file || pattern === `${file}/**`),
        file,
      ).toBe(true)
    }
  })

  it('turns off what would let others steer the runtime', () => {
    expect(config.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })
  })

  it('takes no extension’s default on Windows', () => {
    expect(config.fileAssociations).toBeUndefined()
    expect((config.win as Record<string, unknown>).fileAssociations).toBeUndefined()
  })

  it('installs each file of Linux once, below /usr', () => {
    const targets = (config.deb as { fpm: string[] }).fpm.map((item) => item.split('=')[1] ?? '')
    expect(new Set(targets).size).toBe(targets.length)
    for (const target of targets) expect(target).toMatch(/^\/usr\/(?:bin|share)\//)
    expect(config.rpm).toEqual(config.deb)
  })
})

describe('the icons', () => {
  it.each([16, 24, 32, 48, 64, 128, 256, 512])('%i pixels: a whole picture of its size', (size) => {
    const png = fs.readFileSync(`resources/icons/${size}x${size}.png`)
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size])
    const idat = png.indexOf('IDAT')
    const pixels = inflateSync(png.subarray(idat + 4, idat + 4 + png.readUInt32BE(idat - 4)))
    expect(pixels.length).toBe(size * (size * 4 + 1))
  })

  it('lie whole in the containers of Windows and macOS', async () => {
    const { ico, icns, ICO_SIZES } = (await script('desktop-icons.mjs')) as {
      ICO_SIZES: number[]
      ico: (pngs: { size: number; bytes: Buffer }[]) => Buffer
      icns: (pngOf: (size: number) => Buffer) => Buffer
    }
    const png = (size: number): Buffer => fs.readFileSync(`resources/icons/${size}x${size}.png`)
    expect(
      fs.readFileSync('resources/icon.ico').equals(ico(ICO_SIZES.map((size) => ({ size, bytes: png(size) })))),
    ).toBe(true)
    expect(fs.readFileSync('resources/icon.icns').equals(icns(png))).toBe(true)
  })
})

describe('what travels with the program', () => {
  it('says what its licence is', async () => {
    const { licences, page } = (await script('desktop-licences.mjs')) as {
      licences: () => { name: string; version: string; kind: string; texts: string[] }[]
      page: (list: unknown) => string
    }
    const list = licences()
    const names = list.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['better-sqlite3', 'electron', 'vue', 'reka-ui', 'zod']))
    expect(names).not.toContain('vitest')
    expect(list.filter(({ kind, texts }) => kind === '' && texts.length === 0)).toEqual([])
    // Nothing that asks for the program's own sources.
    expect(list.filter(({ kind }) => /\bA?GPL/.test(kind)).map(({ name }) => name)).toEqual([])
    expect(page([{ name: '<b>', version: '1', kind: 'MIT', texts: ['a < b'] }])).toContain('&lt;b&gt; 1 · MIT')
  })
})

describe('the release workflow', () => {
  it('is YAML, gives its token no more than it needs, and takes actions by commit', () => {
    const workflow = read('.github/workflows/release.yml')
    expect(workflow.permissions).toEqual({ contents: 'read' })
    const text = fs.readFileSync('.github/workflows/release.yml', 'utf8')
    for (const [, version] of text.matchAll(/uses: \S+@(\S+)/g)) expect(version).toMatch(/^[0-9a-f]{40}$/)
    // Whatever comes from outside reaches a shell as a variable only.
    const scripts = text.split('\n').filter((line) => /^\s+(?:- )?run:/.test(line))
    expect(scripts.filter((line) => line.includes('${{'))).toEqual([])
  })

  itWith('git', 'packages what is committed', () => {
    const kept = new Set(run('git', ['ls-files', 'resources']).split('\n'))
    for (const file of ['resources/icon.ico', 'resources/icons/512x512.png', 'resources/windows/extensions.nsh'])
      expect(kept.has(file), file).toBe(true)
  })
})
