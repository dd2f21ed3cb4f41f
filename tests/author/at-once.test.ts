import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { SAMPLE, temporaryFolder } from '../unit/support'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
  fs.mkdirSync(at('in'))
  for (const each of ['a', 'b', 'c']) fs.writeFileSync(at(`in/${each}`), each.repeat(3_000_000))
})
const at = (name: string): string => path.join(folder, name)

/** The exit status of each, all of them running at once. */
function atOnce(commands: readonly string[][]): Promise<(number | null)[]> {
  const running = commands.map((args) => {
    const child = spawn(process.execPath, [path.resolve('bin/isolde.mjs'), ...args], { cwd: folder, stdio: 'ignore' })
    return new Promise<number | null>((resolve) => child.on('close', resolve))
  })
  return Promise.all(running)
}

const image = path.resolve(SAMPLE)

describe('programs that write the same at once', () => {
  it.each([
    ['create', ['create', 'out.iso', 'in'], ['out.iso']],
    ['edit', ['edit', image, '--to', 'out.iso', '--add', 'in=in'], ['out.iso']],
    ['convert to sectors', ['convert', image, 'out.cue'], ['out.bin', 'out.cue']],
    ['convert --split', ['convert', image, 'out.iso', '--split', '50K'], ['out.iso.001', 'out.iso.002', 'out.iso.003']],
    ['convert to an archive', ['convert', image, 'out.zip'], ['out.zip']],
  ])('%s: one does, the others say so, and nothing else is left', async (_, args, made) => {
    expect((await atOnce([args, args, args])).sort()).toEqual([0, 4, 4])
    expect(fs.readdirSync(folder).sort()).toEqual(['in', ...made])
  })

  it('edit --replace never takes back what another has put in the place meanwhile', async () => {
    expect(isolde(['create', at('x.iso'), at('in')]).status).toBe(0)
    const names = ['a', 'b', 'c']
    const statuses = await atOnce(names.map((name) => ['edit', 'x.iso', '--replace', '--rename', `${name}=${name}2`]))
    const replaced = names.filter((_, index) => statuses[index] === 0)
    expect(replaced.length).toBeGreaterThan(0)
    for (const status of statuses) expect([0, 4]).toContain(status)
    const wanted = names.map((name) => (replaced.includes(name) ? `${name}2` : name)).sort()
    expect(
      isolde(['list', at('x.iso')])
        .stdout.trim()
        .split('\n')
        .sort(),
    ).toEqual(wanted)
  })
})
