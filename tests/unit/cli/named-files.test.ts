import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { EngineProcess } from '../engine/engine-process'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

let folder: string
let image: string
let pipe: string
let huge: string

beforeEach(() => {
  folder = temporaryFolder()
  image = path.join(folder, 'x.iso')
  fs.writeFileSync(image, buildIso([{ name: 'ONE.TXT;1', data: 'one' }]).bytes)
  pipe = path.join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  huge = path.join(folder, 'huge')
  fs.writeFileSync(huge, '')
  fs.truncateSync(huge, 20 * 2 ** 30)
})

describe.runIf(process.platform === 'linux')('files that options name', () => {
  const OPTIONS: Record<string, { args: (file: string) => string[]; status: number }> = {
    signature: { args: (file) => ['verify', image, '--signature', file], status: 2 },
    key: { args: (file) => ['verify', image, '--key', file], status: 2 },
    sum: { args: (file) => ['verify', image, '--sum', file], status: 2 },
    script: { args: (file) => ['edit', image, '--to', path.join(folder, 'y.iso'), '--script', file], status: 2 },
    map: { args: (file) => ['rescue', image, '--plan', '--map', file], status: 4 },
  }

  it.each(Object.keys(OPTIONS))('--%s: pipes, devices and what is too long are refused by name, at once', (option) => {
    for (const file of ['/dev/zero', pipe, huge]) {
      const { args, status } = OPTIONS[option]!
      const ran = isolde(args(file))
      expect([file, ran.status, ran.stderr]).toEqual([file, status, expect.stringContaining(file)])
      expect(ran.stderr).not.toMatch(/ERR_|GiB\)|File size/)
    }
  })

  it('--script: what the shell hands over from another program is read to its end', () => {
    const made = path.join(folder, 'y.iso')
    const words = [process.execPath, path.resolve('bin/isolde.mjs'), 'edit', image, '--to', made]
      .map((word) => `'${word}'`)
      .join(' ')
    const change = `echo '{"op":"rename","path":"ONE.TXT","to":"TWO.TXT"}'`
    for (const line of [`${words} --script <(${change})`, `${change} | ${words} --script /dev/stdin`]) {
      execFileSync('bash', ['-c', line])
      expect(isolde(['list', made]).stdout).toContain('TWO.TXT')
      fs.rmSync(made)
    }
  })

  it('--mbr: pipes and devices are refused, and of a long file the beginning counts', () => {
    const source = path.join(folder, 'source')
    fs.mkdirSync(source)
    fs.writeFileSync(path.join(source, 'a'), 'a')
    for (const file of ['/dev/zero', pipe]) {
      const ran = isolde(['create', path.join(folder, 'new.iso'), source, '--hybrid', 'mbr', '--mbr', file])
      expect([ran.status, ran.stderr]).toEqual([2, expect.stringContaining(file)])
    }
  })
})

describe.runIf(process.platform === 'linux')('the engine', () => {
  it('makes no sums of pipes, and answers others meanwhile', async () => {
    const engine = await EngineProcess.start(path.join(folder, 'profile'))
    const ask = (file: string, id: string): Promise<unknown> =>
      engine.call('checksums.file', { id, path: file, algorithms: ['sha256'] })
    const refused = Array.from({ length: 6 }, (_, i) =>
      expect(ask(pipe, String(i))).rejects.toThrow(/no ordinary file/),
    )
    await Promise.all([...refused, expect(ask('/dev/zero', 'zero')).rejects.toThrow(/no ordinary file/)])
    expect(await ask(image, 'image')).toMatchObject({ byteLength: fs.statSync(image).size })
    await engine.shutdown()
  })

  it('starts with a profile that has pipes in the place of its files', async () => {
    const home = path.join(folder, 'profile')
    fs.mkdirSync(home)
    for (const name of ['isolde.log', 'settings.json', 'catalog.sqlite'])
      execFileSync('mkfifo', [path.join(home, name)])
    const engine = await EngineProcess.start(home)
    expect(await engine.call('settings.get', {})).toHaveProperty('charset')
    await engine.shutdown()
  })
})
