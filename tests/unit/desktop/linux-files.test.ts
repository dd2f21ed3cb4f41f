import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseLaunch } from '../../../src-main/desktop/arguments'
import { COMMANDS } from '../../../src-main/cli/registry'
import { commandHelp, generalHelp } from '../../../src-main/cli/help'
import { temporaryFolder } from '../support'
import { itWith, run } from './programs'

const LINUX = 'resources/linux'
const read = (name: string): string => fs.readFileSync(path.join(LINUX, name), 'utf8')
const ACTIONS = ['extract-here', 'extract-to', 'verify'].map((name) => `nemo/isolde-${name}.nemo_action`)
const LAUNCHERS = ['kde/isolde.desktop', 'thunar/isolde-extract.desktop', ...ACTIONS]

interface LinuxConfig {
  extraMetadata: { desktopName: string }
  linux: { executableName: string; mimeTypes: string[] }
}
const require = createRequire(import.meta.url)
const config = (require('js-yaml') as { load: (text: string) => unknown }).load(
  fs.readFileSync('electron-builder.yml', 'utf8'),
) as LinuxConfig

describe('what the file managers start', () => {
  it.each(LAUNCHERS)('%s: actions that the program knows', (name) => {
    const lines = [...read(name).matchAll(/^Exec=(\S+) (.*) %F$/gm)]
    expect(lines.length).toBeGreaterThan(0)
    for (const [, program, option = ''] of lines) {
      expect(program).toBe(`/opt/Isolde/${config.linux.executableName}`)
      expect(parseLaunch([...option.split(' '), '/x.iso'], '/')).toMatchObject({
        action: expect.not.stringMatching('open') as string,
        images: ['/x.iso'],
      })
    }
  })

  it.each(['kde/isolde.desktop', 'thunar/isolde-extract.desktop'])('%s: the types of the desktop entry', (name) => {
    const types = /^MimeType=(.*);$/m.exec(read(name))?.[1]?.split(';') ?? []
    expect(types.toSorted()).toEqual(config.linux.mimeTypes.toSorted())
  })

  it('has a type of its own for each kind that it declares', () => {
    const declared = [...read('isolde-mime.xml').matchAll(/<mime-type type="([^"]*)"/g)].map(([, type]) => type)
    expect(config.linux.mimeTypes.filter((type) => type.includes('x-isolde-')).toSorted()).toEqual(declared.toSorted())
  })
})

/** What electron-builder's own code makes of the configuration. */
function desktopEntry(): Promise<string> {
  const { LinuxTargetHelper } = require('app-builder-lib/out/targets/LinuxTargetHelper') as {
    LinuxTargetHelper: new (packager: unknown) => { computeDesktopEntry: (options: unknown) => Promise<string> }
  }
  const packager = {
    appInfo: { productName: 'Isolde', sanitizedProductName: 'Isolde', description: 'Opens disc images.' },
    executableName: config.linux.executableName,
    info: { metadata: config.extraMetadata },
    config,
    fileAssociations: [],
    platformSpecificBuildOptions: config.linux,
  }
  return new LinuxTargetHelper(packager).computeDesktopEntry(config.linux)
}

it('the desktop entry takes files and names its types and actions', async () => {
  const entry = await desktopEntry()
  expect(entry).toContain('Exec=/opt/Isolde/isolde-desktop %U\n')
  expect(entry).toContain('StartupWMClass=isolde-desktop\n')
  for (const type of config.linux.mimeTypes) expect(entry).toContain(`${type};`)
  const actions = /^Actions=(.*);$/m.exec(entry)?.[1]?.split(';') ?? []
  expect(actions.length).toBeGreaterThan(0)
  for (const action of actions) expect(entry).toContain(`[Desktop Action ${action}]\n`)
})

const metainfoScript = () =>
  import(pathToFileURL(path.resolve('scripts/desktop-metainfo.mjs')).href) as Promise<{
    writeMetainfo: (home: string, folder: string) => string
  }>

describe('validators', () => {
  itWith('desktop-file-validate', 'the desktop entry as electron-builder writes it', async () => {
    const file = path.join(temporaryFolder(), 'isolde-desktop.desktop')
    fs.writeFileSync(file, await desktopEntry())
    expect(run('desktop-file-validate', [file])).toBe('')
  })

  itWith('desktop-file-validate', 'the Thunar entry', () => {
    expect(run('desktop-file-validate', [path.join(LINUX, 'thunar/isolde-extract.desktop')])).toBe('')
  })

  itWith('desktop-file-validate', 'the KDE service menu, but for the type that only KDE knows', () => {
    const file = path.join(temporaryFolder(), 'isolde.desktop')
    const text = read('kde/isolde.desktop').replace(
      'Type=Service',
      'Type=Application\nName=Isolde\nExec=isolde-desktop',
    )
    fs.writeFileSync(file, text)
    expect(run('desktop-file-validate', [file])).toBe('')
  })

  itWith('appstreamcli', 'the metainfo as a package brings it, with the address of its home', async () => {
    const { writeMetainfo } = await metainfoScript()
    run('appstreamcli', ['validate', '--no-net', writeMetainfo('https://example.org/isolde', temporaryFolder())])
  })

  itWith('appstreamcli', 'the metainfo of a build that knows no address: it lacks that, and nothing else', async () => {
    const { writeMetainfo } = await metainfoScript()
    const { stdout } = spawnSync('appstreamcli', ['validate', '--no-net', writeMetainfo('', temporaryFolder())])
    const said = [...stdout.toString().matchAll(/^[EW]: \S+ ([\w-]+)/gm)].map(([, complaint]) => complaint)
    expect(said.filter((complaint) => complaint !== 'url-homepage-missing')).toEqual([])
    expect(stdout.toString()).toMatch(/url-homepage-missing|successful/)
  })

  itWith('xmllint', 'the metainfo and the types are XML', () => {
    for (const name of ['org.isolde.Isolde.metainfo.xml', 'isolde-mime.xml'])
      run('xmllint', ['--noout', path.join(LINUX, name)])
  })

  itWith('update-mime-database', 'the types are taken, and an extension finds its own', () => {
    const folder = temporaryFolder()
    fs.mkdirSync(path.join(folder, 'packages'))
    fs.copyFileSync(path.join(LINUX, 'isolde-mime.xml'), path.join(folder, 'packages', 'isolde.xml'))
    run('update-mime-database', [folder])
    expect(fs.readFileSync(path.join(folder, 'globs2'), 'utf8')).toContain('50:application/x-isolde-nrg:*.nrg')
  })

  itWith('mandoc', 'the manual page', () => {
    expect(run('mandoc', ['-Tlint', '-Wwarning', path.join(LINUX, 'isolde.1')])).toBe('')
  })

  itWith('shellcheck', 'the scripts', () => {
    const scripts = ['isolde.sh', 'nautilus/Extract Here with Isolde'].map((name) => path.join(LINUX, name))
    run('shellcheck', scripts)
    run('shellcheck', ['--shell=bash', path.join(LINUX, 'completions/isolde.bash')])
  })

  for (const [shell, name] of [
    ['bash', 'isolde.bash'],
    ['zsh', '_isolde'],
    ['fish', 'isolde.fish'],
  ] as const)
    itWith(shell, `${shell} reads its completions`, () => {
      run(shell, ['-n', path.join(LINUX, 'completions', name)])
    })
})

describe('what is told of the command line', () => {
  it('is what its commands say: manual, completions, README', () => {
    run(process.execPath, ['scripts/command-docs.mjs', '--check'])
  })

  it.each(COMMANDS.map(({ definition }) => [definition.name, definition] as const))(
    'the help and the manual name every option of %s, and its lines fit a terminal',
    (name, definition) => {
      const manual = read('isolde.1')
      expect(manual).toMatch(new RegExp(`^\\.It Cm ${name}\\b`, 'm'))
      const help = commandHelp(definition)
      for (const option of Object.keys(definition.options)) {
        expect(manual).toMatch(new RegExp(`Fl (?:\\w , Fl )?-${option}\\b`))
        expect(help).toMatch(new RegExp(`^ {2}(?:-\\w, )?--${option}\\b`, 'm'))
      }
      for (const line of [...help.split('\n'), ...generalHelp().split('\n')])
        expect(line.length).toBeLessThanOrEqual(120)
    },
  )

  it.each(COMMANDS.map(({ definition }) => [definition.name, definition] as const))(
    'the examples of %s use options that it has',
    (name, { examples, options }) => {
      expect(examples.length).toBeGreaterThan(0)
      for (const [line] of examples) {
        expect(line).toMatch(new RegExp(`^${name}(?: |$)`))
        for (const [, long = ''] of line.matchAll(/ --([a-z0-9-]+)/g)) expect(Object.keys(options)).toContain(long)
      }
    },
  )

  itWith('bash', 'bash completes commands, options and values', () => {
    const script = `source ${LINUX}/completions/isolde.bash; compopt() { :; }
      try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _isolde; echo "\${COMPREPLY[*]}"; }
      try isolde ex; try isolde extract --on-conflict re; try isolde list --l`
    expect(run('bash', ['-c', script])).toBe('extract\nrename\n--long\n')
  })

  itWith('bash', 'bash completes values behind a short option and an equals sign, and what help is asked of', () => {
    const script = `source ${LINUX}/completions/isolde.bash; compopt() { :; }
      try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _isolde; echo "\${COMPREPLY[*]}"; }
      try isolde hash -a ''; try isolde extract --on-conflict = o; try isolde extract --on-conflict =
      try isolde help ex; try isolde hel`
    expect(run('bash', ['-c', script]).split('\n')).toEqual([
      'sha256 blake3',
      'overwrite',
      'fail skip overwrite rename newer different',
      'extract',
      'help',
      '',
    ])
  })

  itWith('fish', 'fish completes what help is asked of, and values behind a short option', () => {
    const complete = (line: string): string =>
      run('fish', ['-N', '-c', `source ${LINUX}/completions/isolde.fish; complete -C '${line}'`])
    expect(complete('isolde help ex')).toMatch(/^extract\b/)
    expect(complete('isolde hash -a ')).toMatch(/blake3\nsha256/)
  })
})

describe('the Nautilus script', () => {
  itWith('bash', 'hands on names with spaces, and those that look like options', () => {
    const folder = temporaryFolder()
    const program = path.join(folder, 'isolde-desktop')
    fs.writeFileSync(program, '#!/bin/sh\nprintf "%s|" "$@"\n', { mode: 0o755 })
    const script = path.resolve(LINUX, 'nautilus/Extract Here with Isolde')
    const said = run('env', [
      `PATH=${folder}:${process.env.PATH ?? ''}`,
      'NAUTILUS_SCRIPT_SELECTED_FILE_PATHS=/x/a b.iso\n--odd.iso\n',
      script,
    ])
    expect(said).toBe('--extract-here|--|/x/a b.iso|--odd.iso|')
  })
})
