import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { isolde } from '../unit/cli/command-line'
import { temporaryFolder } from '../unit/support'

const MODES = [0o4755, 0o2755, 0o1777, 0o7000, 0o644, 0]

it.skipIf(process.platform === 'win32').each(['1.02', '2.01', '2.50'])(
  'UDF %s keeps every bit of a mode',
  (revision) => {
    const folder = temporaryFolder()
    const [source, image, again] = ['in', 'out.iso', 'again.iso'].map((name) => path.join(folder, name)) as [
      string,
      string,
      string,
    ]
    fs.mkdirSync(source)
    for (const mode of MODES) {
      const file = path.join(source, mode.toString(8))
      fs.writeFileSync(file, '')
      fs.chmodSync(file, mode)
    }
    fs.mkdirSync(path.join(source, 'shared'))
    fs.chmodSync(path.join(source, 'shared'), 0o3775)
    const modes = (of: string, view: string): Record<string, number> => {
      const lines = isolde(['list', of, '--json', '--view', view]).stdout.trim().split('\n')
      const entries = lines.map((line) => JSON.parse(line) as { path: string; mode: number })
      return Object.fromEntries(entries.map((each) => [each.path, each.mode] as const))
    }
    const wanted = { ...Object.fromEntries(MODES.map((mode) => [mode.toString(8), mode] as const)), shared: 0o3775 }
    expect(isolde(['create', image, source, '--udf', revision]).status).toBe(0)
    expect(modes(image, 'udf')).toEqual(wanted)
    expect(isolde(['convert', image, again, '--as', 'iso', '--view', 'udf']).status).toBe(0)
    expect(modes(again, 'rock-ridge')).toEqual(wanted)
  },
)
