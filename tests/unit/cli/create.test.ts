import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

function folderOf(files: Record<string, string>): string {
  const folder = temporaryFolder()
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    fs.writeFileSync(path.join(folder, name), text)
  }
  return folder
}

describe('create', () => {
  it('takes one folder as the root, several sources by their names, and --map', () => {
    const folder = folderOf({ 'a/one.txt': 'one', 'b/two.txt': 'two' })
    const out = temporaryFolder()
    const list = (image: string): string[] => isolde(['list', image]).stdout.trim().split('\n')
    expect(isolde(['create', path.join(out, '1.iso'), path.join(folder, 'a')]).status).toBe(0)
    expect(list(path.join(out, '1.iso'))).toEqual(['one.txt'])
    const both = [
      path.join(folder, 'a'),
      path.join(folder, 'b'),
      '--map',
      `${path.join(folder, 'a/one.txt')}=deep/x.txt`,
    ]
    expect(isolde(['create', path.join(out, '2.iso'), ...both]).status).toBe(0)
    expect(list(path.join(out, '2.iso')).join('\n')).toMatch(/a\/one\.txt[\s\S]*b\/two\.txt[\s\S]*deep\/x\.txt/)
  })

  it('may write into the folder that it reads, and never replaces anything', () => {
    const folder = folderOf({ 'one.txt': 'one' })
    const image = path.join(folder, 'own.iso')
    expect(isolde(['create', image, folder]).status).toBe(0)
    expect(isolde(['list', image]).stdout.trim()).toBe('one.txt')
    const again = isolde(['create', image, folder])
    expect(again.status).toBe(4)
    expect(again.stderr).toContain('already exists')
  })

  it('says in JSON what changes and what was written', () => {
    const folder = folderOf({ 'a name with spaces.txt': 'x', 'EFI/BOOT/BOOTX64.EFI': 'loader' })
    const { status, rows } = isolde(['create', path.join(temporaryFolder(), 'x.iso'), folder, '--json'])
    expect(status).toBe(0)
    expect(rows).toContainEqual(
      expect.objectContaining({ path: 'a name with spaces.txt', tree: 'iso9660', reason: 'characters' }),
    )
    expect(rows.at(-1)).toMatchObject({ summary: true, files: 2, boot: [{ platform: 'uefi' }], problems: 0 })
  })

  it('writes nothing on a dry run, and the same bytes to a pipe as to a file', () => {
    const folder = folderOf({ 'one.txt': 'one' })
    const image = path.join(temporaryFolder(), 'x.iso')
    const args = [folder, '--label', 'X', '--date', '2020-01-01', '--md5']
    expect(isolde(['create', image, ...args, '--dry-run']).status).toBe(0)
    expect(fs.existsSync(image)).toBe(false)
    expect(isolde(['create', image, ...args]).status).toBe(0)
    const piped = spawnSync(process.execPath, ['bin/isolde.mjs', 'create', '-', ...args], { maxBuffer: 1 << 28 })
    expect(Buffer.compare(piped.stdout, fs.readFileSync(image))).toBe(0)
  })

  it.skipIf(process.platform === 'win32')('leaves nothing behind where the disk refuses', () => {
    const folder = folderOf({ 'large.bin': 'x'.repeat(4_000_000) })
    const out = temporaryFolder()
    const image = path.join(out, 'x.iso')
    const command = `trap '' XFSZ; ulimit -f 1000; exec "$0" bin/isolde.mjs create "$1" "$2"`
    const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, image, folder], { encoding: 'utf8' })
    expect(status).toBe(4)
    expect(stderr).not.toBe('')
    expect(fs.readdirSync(out)).toEqual([])
  })

  it.skipIf(process.platform === 'win32').each(['x.iso', 'new/x.iso', 'new/deep/x.iso', 'there/new/x.iso'])(
    'leaves no folder behind that it made where the disk refuses: %s',
    (name) => {
      const folder = folderOf({ 'large.bin': 'x'.repeat(4_000_000) })
      const out = folderOf({ 'there/other': 'other' })
      const command = `trap '' XFSZ; ulimit -f 1000; exec "$0" bin/isolde.mjs create "$1" "$2"`
      const ran = spawnSync('bash', ['-c', command, process.execPath, path.join(out, name), folder])
      expect(ran.status).toBe(4)
      expect(fs.readdirSync(out, { recursive: true }).toSorted()).toEqual(['there', 'there/other'])
    },
  )

  it.skipIf(process.platform === 'win32').each([
    ['create', (image: string, vast: string, out: string) => ['create', out, image, vast]],
    ['edit', (image: string, vast: string, out: string) => ['edit', image, '--to', out, '--add', `${vast}=vast`]],
    ['convert', (image: string, _: string, out: string) => ['convert', image, out]],
  ])('interrupted, %s leaves nothing and says that it was cancelled', async (_, args) => {
    const folder = folderOf({ 'one.txt': 'one', 'vast.bin': '' })
    const image = path.join(folder, 'x.iso')
    expect(isolde(['create', image, path.join(folder, 'one.txt')]).status).toBe(0)
    // Long enough to be interrupted in; of zeros that take no room.
    for (const vast of [image, path.join(folder, 'vast.bin')]) fs.truncateSync(vast, 20 * 2 ** 30)
    const out = temporaryFolder()
    const command = ['bin/isolde.mjs', ...args(image, path.join(folder, 'vast.bin'), path.join(out, 'x.iso'))]
    const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    const ended = once(child, 'close')
    await vi.waitUntil(() => fs.readdirSync(out).length > 0, { timeout: 10_000, interval: 5 })
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    expect(said).toContain('Cancelled. Nothing was left behind.')
    expect(fs.readdirSync(out)).toEqual([])
  })

  it('refuses options that mean nothing without another, or contradict it', () => {
    const folder = folderOf({ 'one.txt': 'one' })
    const image = path.join(folder, 'x.iso')
    for (const options of [
      ['--mbr', path.join(folder, 'one.txt')],
      ['--boot-emulation', 'floppy'],
      ['--label', 'L'.repeat(33)],
      ['--no-iso', '--joliet'],
      ['--no-udf', '--udf', '1.02'],
      ['--no-joliet', '--joliet-long'],
    ]) {
      const { status, stderr } = isolde(['create', image, folder, ...options])
      expect([options, status]).toEqual([options, 2])
      expect(stderr).toMatch(/has no meaning without|contradict each other|at most/)
    }
    expect(fs.existsSync(image)).toBe(false)
  })

  it('and edit and convert stream where they are given “-”', () => {
    const folder = folderOf({ 'one.txt': 'one' })
    const image = path.join(folder, 'x.iso')
    const env = { ...process.env, SOURCE_DATE_EPOCH: '1600000000' }
    expect(isolde(['create', image, path.join(folder, 'one.txt'), '--date', '2020-01-01']).status).toBe(0)
    // A hole at the end, larger than what is poured at once.
    fs.truncateSync(image, fs.statSync(image).size + 5_000_000)
    for (const args of [
      ['convert', image, '-'],
      ['edit', image, '--delete', 'one.txt', '--to', '-'],
    ]) {
      const file = path.join(folder, `${args[0]}.iso`)
      const named = args.map((arg) => (arg === '-' ? file : arg))
      expect(isolde(named, { env }).status).toBe(0)
      const piped = spawnSync(process.execPath, [path.resolve('bin/isolde.mjs'), ...args], {
        maxBuffer: 1 << 28,
        cwd: folder,
        env,
      })
      expect(Buffer.compare(piped.stdout, fs.readFileSync(file))).toBe(0)
    }
    expect(fs.existsSync(path.join(folder, '-'))).toBe(false)
  })

  it.skipIf(process.platform !== 'linux')('says what the system says in a sentence', () => {
    const folder = folderOf({ 'one.txt': 'one' })
    const image = path.join(folder, 'x.iso')
    const missing = isolde(['create', image, folder, '--hybrid', 'mbr', '--mbr', path.join(folder, 'none')])
    expect(missing.stderr).toContain(`“${path.join(folder, 'none')}” doesn't exist.`)
    expect(missing.status).toBe(4)
    const full = spawnSync('bash', [
      '-c',
      'exec "$0" bin/isolde.mjs create - "$1" > /dev/full',
      process.execPath,
      folder,
    ])
    expect(full.stderr.toString()).toContain('There is no space left for standard output.')
    expect(full.status).toBe(4)
  })

  it.skipIf(process.platform !== 'linux')('lists sums by the bytes of names, whatever they are', () => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'in')
    fs.mkdirSync(source)
    const raw = (name: string): Buffer => Buffer.concat([Buffer.from(`${source}/`), Buffer.from(name, 'latin1')])
    fs.mkdirSync(raw('Stra\xdfe'))
    for (const name of ['caf\xe9', 'caf\xe8', 'Stra\xdfe/\xfcber', 'back\\slash \xff'])
      fs.writeFileSync(raw(name), Buffer.from(name, 'latin1'))
    fs.writeFileSync(path.join(source, 'Grüße'), 'text')
    const image = path.join(folder, 'x.iso')
    expect(isolde(['create', image, source, '--sha256sums']).status).toBe(0)
    const list = path.join(folder, 'list')
    fs.writeFileSync(list, spawnSync(process.execPath, ['bin/isolde.mjs', 'cat', image, 'SHA256SUMS']).stdout)
    const checked = spawnSync('sha256sum', ['-c', '--strict', list], { cwd: source, encoding: 'latin1' })
    expect([checked.status, checked.stdout.match(/: OK$/gm)?.length]).toEqual([0, 5])
    const { status, rows } = isolde(['verify', image, '--json'])
    const checks = rows[0]?.checks as { kind: string; verdict: string }[]
    expect([status, checks.filter(({ kind, verdict }) => kind === 'sum-file' && verdict === 'passed').length]).toEqual([
      0, 5,
    ])
  })

  it('refuses sources that are not there, and places that are none', () => {
    const image = path.join(temporaryFolder(), 'x.iso')
    expect(isolde(['create', image, 'not/there']).status).toBe(4)
    expect(isolde(['create', image, '.', '--preset', 'none']).status).toBe(2)
    expect(isolde(['create', image]).status).toBe(2)
  })
})

describe('options with choices', () => {
  it.each([
    ['create', 'preset', 'x'],
    ['create', 'level', '5'],
    ['create', 'udf', '1.03'],
    ['create', 'deep', ''],
    ['create', 'boot-emulation', 'Floppy'],
    ['create', 'hybrid', 'apm'],
    ['create', 'media', 'toString'],
    ['extract', 'on-conflict', 'ask'],
    ['extract', 'format', 'tar'],
    ['hash', 'algorithm', 'md5'],
  ])('of %s take no other: --%s %s', (command, option, value) => {
    const { status, stderr } = isolde([command, 'x.iso', 'none', `--${option}=${value}`])
    expect(status).toBe(2)
    expect(stderr).toMatch(new RegExp(`--${option} takes .+ or .+; “${value}” is none of them\\.`))
  })

  it('and labels have a length, whoever takes one', () => {
    for (const command of ['create', 'edit']) {
      const { status, stderr } = isolde([command, 'x.iso', 'none', '--label', 'L'.repeat(33)])
      expect([status, stderr]).toEqual([2, expect.stringContaining('--label takes 32 characters at most') as string])
    }
  })
})

describe('edit', () => {
  const make = (): string => {
    const image = path.join(temporaryFolder(), 'x.iso')
    const folder = folderOf({ 'one.txt': 'one', 'two.txt': 'two' })
    expect(isolde(['create', image, folder, '--date', '2020-01-01']).status).toBe(0)
    return image
  }

  it('writes a changed copy', () => {
    const image = make()
    const target = path.join(path.dirname(image), 'y.iso')
    const script = path.join(temporaryFolder(), 'script')
    fs.writeFileSync(script, '# a change a line\n{"op":"rename","path":"one.txt","to":"deep/first.txt"}\n')
    const args = ['edit', image, '--to', target, '--delete', 'two.txt', '--script', script, '--label', 'NEW', '--json']
    const { status, rows } = isolde(args)
    expect(status).toBe(0)
    expect(rows.at(-1)).toMatchObject({ summary: true, path: target, files: 1, directories: 1 })
    expect(isolde(['cat', target, 'deep/first.txt']).stdout).toBe('one')
    expect(isolde(['list', image]).stdout).toContain('two.txt')
  })

  it('takes the place of the original, which is kept', () => {
    const image = make()
    const before = fs.readFileSync(image)
    expect(isolde(['edit', image, '--replace', '--delete', 'two.txt']).status).toBe(0)
    expect(isolde(['list', image]).stdout.trim()).toBe('one.txt')
    expect(Buffer.compare(fs.readFileSync(path.join(path.dirname(image), 'x.before.iso')), before)).toBe(0)
  })

  it('refuses an image with damage, unless it may be left out', () => {
    const image = make()
    const table = isolde(['list', image, '--json']).rows
    const two = table.find(({ path: name }) => name === 'two.txt') as { extents: [[number, number]] }
    fs.truncateSync(image, two.extents[0][0])
    const target = path.join(path.dirname(image), 'y.iso')
    const refused = isolde(['edit', image, '--to', target])
    expect(refused.status).toBe(4)
    expect(refused.stderr).toContain('two.txt')
    expect(fs.existsSync(target)).toBe(false)
    expect(isolde(['edit', image, '--to', target, '--allow-damaged']).status).toBe(1)
    expect(isolde(['list', target]).stdout.trim()).toBe('one.txt')
  })

  it('needs nothing of what is deleted or replaced, damaged or not', () => {
    const image = make()
    const table = isolde(['list', image, '--json']).rows
    const two = table.find(({ path: name }) => name === 'two.txt') as { extents: [[number, number]] }
    fs.truncateSync(image, two.extents[0][0])
    const to = (): string => path.join(temporaryFolder(), 'y.iso')
    const added = path.join(temporaryFolder(), 'whole')
    fs.writeFileSync(added, 'whole')
    const targets: string[] = []
    for (const changes of [
      ['--delete', 'two.txt'],
      ['--delete', 'two.txt', '--allow-damaged'],
      ['--add', `${added}=two.txt`],
    ]) {
      const target = to()
      targets.push(target)
      const { status, stderr } = isolde(['edit', image, '--to', target, ...changes])
      expect([status, stderr]).toEqual([0, ''])
    }
    expect(isolde(['list', targets[0] ?? '']).stdout.trim()).toBe('one.txt')
    expect(isolde(['cat', targets[2] ?? '', 'two.txt']).stdout).toBe('whole')
    const renamed = isolde(['edit', image, '--to', to(), '--rename', 'two.txt=three.txt'])
    expect([renamed.status, renamed.stderr]).toEqual([4, expect.stringContaining('“three.txt” is damaged') as string])
  })

  it.skipIf(process.platform !== 'linux')('keeps the bytes of names that are no text among those that are', () => {
    const folder = temporaryFolder()
    const raw = (name: string): Buffer => Buffer.concat([Buffer.from(`${folder}/in/`), Buffer.from(name, 'latin1')])
    fs.mkdirSync(path.join(folder, 'in'))
    for (const name of ['Grüße', 'Öl', '日本', 'Été', 'plain']) fs.writeFileSync(path.join(folder, 'in', name), 'text')
    fs.mkdirSync(raw('Stra\xdfe'))
    for (const name of ['caf\xe9', 'Stra\xdfe/inner']) fs.writeFileSync(raw(name), 'latin')
    const [image, target] = [path.join(folder, 'x.iso'), path.join(folder, 'y.iso')]
    expect(isolde(['create', image, path.join(folder, 'in'), '--sha256sums']).status).toBe(0)
    const { status, stderr } = isolde(['edit', image, '--to', target, '--delete', 'plain'])
    expect([status, stderr]).toEqual([0, ''])
    const bytesOf = (file: string): unknown[] => isolde(['list', file, '--json']).rows.map((row) => row.pathBytes)
    const expected = [raw('Stra\xdfe'), raw('Stra\xdfe/inner'), raw('caf\xe9')]
    const prefix = Buffer.byteLength(`${folder}/in/`)
    const named = bytesOf(target).filter((each) => each !== undefined)
    expect(named).toEqual(expected.map((each) => each.subarray(prefix).toString('base64')))
    expect(isolde(['verify', target, '--json']).rows[0]?.checks).toContainEqual(
      expect.objectContaining({ kind: 'sum-file', verdict: 'passed' }),
    )
  })

  it('wants one of --to and --replace, and changes that it understands', () => {
    const image = make()
    expect(isolde(['edit', image]).status).toBe(2)
    expect(isolde(['edit', image, '--to', 'x', '--rename', 'a']).status).toBe(2)
    expect(isolde(['edit', image, '--to', path.join(temporaryFolder(), 'y'), '--delete', 'none']).status).toBe(4)
  })
})
