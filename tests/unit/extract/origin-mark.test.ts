import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { UNCONTROLLED } from '../../../src-main/task'
import { extract } from '../../../src-main/extract/extract'
import { applyOriginMark, attributeDump, readOriginMark } from '../../../src-main/extract/origin-mark'
import { isolde } from '../cli/command-line'
import { openSample, SAMPLE, temporaryFolder } from '../support'

const NAME = 'user.xdg.origin.url'

/** Whether this machine has the programs and the disk takes such attributes. */
function canMark(file: string): boolean {
  return (
    spawnSync('setfattr', ['-n', NAME, '-v', 'https://example.com/disc.iso', file], { stdio: 'ignore' }).status === 0
  )
}

function markOf(file: string): string {
  return spawnSync('getfattr', ['--only-values', '-n', NAME, '--absolute-names', file], { encoding: 'utf8' }).stdout
}

describe('the mark of where an image came from', () => {
  it('is written as setfattr reads it, whatever the names', () => {
    const mark = { values: { [NAME]: 'https://example.com' } }
    expect(attributeDump(mark, ['/a b', '/new\nline\\x'])).toBe(
      `# file: /a b\n${NAME}=0saHR0cHM6Ly9leGFtcGxlLmNvbQ==\n\n# file: /new\\012line\\134x\n${NAME}=0saHR0cHM6Ly9leGFtcGxlLmNvbQ==\n\n`,
    )
  })

  it('is carried to every file on Linux', async ({ skip }) => {
    const folder = temporaryFolder()
    const marked = path.join(folder, 'disc.iso')
    fs.copyFileSync(SAMPLE, marked)
    if (process.platform !== 'linux' || !canMark(marked)) return skip('no attr programs, or no such attributes here')
    const { image } = await openSample()
    const table = await image.view('rock-ridge').readTree()
    const destination = path.join(folder, 'out')
    await extract({
      imagePath: marked,
      table,
      selection: { paths: null },
      layout: { kind: 'full' },
      destination,
      conflicts: 'fail',
      control: UNCONTROLLED,
    })
    for (let i = 1; i < table.length; i++)
      if (table.kindOf(i) === 'file')
        expect(markOf(path.join(destination, table.pathOf(i)))).toBe('https://example.com/disc.iso')
    expect(markOf(destination)).toBe('')
  })

  it.runIf(process.platform === 'linux')('is missed aloud where it cannot be carried', () => {
    const folder = temporaryFolder()
    // Programs that find a mark and can put none on.
    const programs = path.join(folder, 'bin')
    fs.mkdirSync(programs)
    const value = Buffer.from('https://example.com/disc.iso').toString('base64')
    fs.writeFileSync(path.join(programs, 'getfattr'), `#!/bin/sh\necho '${NAME}=0s${value}'\n`, { mode: 0o755 })
    fs.writeFileSync(path.join(programs, 'setfattr'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    const env = { PATH: programs }
    const run = isolde(['extract', SAMPLE, '--to', path.join(folder, 'out'), '--json'], { env })
    expect(run.status).toBe(0)
    expect(run.stderr).toContain('marked as coming from the network')
    expect(run.rows.at(-1)).toMatchObject({ summary: true, isUnmarked: true, problems: 0 })
  })

  it('is carried through a stream on Windows', async () => {
    // A name with a colon is an ordinary file here, which is what the rule is tried on.
    const folder = temporaryFolder()
    const [image, file] = [path.join(folder, 'disc.iso'), path.join(folder, 'setup.exe')]
    fs.writeFileSync(`${image}:Zone.Identifier`, '[ZoneTransfer]\r\nZoneId=3\r\n')
    const mark = (await readOriginMark(image, 'win32'))!
    expect(applyOriginMark(mark, [file], 'win32')).toBe(true)
    expect(fs.readFileSync(`${file}:Zone.Identifier`, 'utf8')).toContain('ZoneId=3')
  })

  it('is nothing for an image without one', async () => {
    expect(await readOriginMark(SAMPLE)).toBeNull()
    expect(await readOriginMark('/no/such/file', 'win32')).toBeNull()
  })
})
