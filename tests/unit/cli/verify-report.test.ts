import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

let folder = ''
const image = (): string => path.join(folder, 'x <1>.iso')

describe('isolde verify --map --report', () => {
  beforeEach(() => {
    folder = temporaryFolder()
    const list = `${'0'.repeat(32)}  a.txt\n`
    const { bytes } = buildIso([
      { name: 'A.TXT;1', data: 'not what the list says' },
      { name: 'MD5SUM.TXT;1', data: list },
    ])
    fs.writeFileSync(image(), bytes)
  })

  it('writes what was found: a map that ddrescue reads, a page, and JSON', () => {
    const at = (name: string): string => path.join(folder, name)
    const map = at('x.map')
    const page = at('x.html')
    const json = at('x.json')
    expect(isolde(['verify', image(), '--map', map, '--report', page]).status).toBe(1)
    expect(isolde(['verify', image(), '--report', json]).status).toBe(1)
    const lines = fs.readFileSync(map, 'utf8').split('\n')
    expect(lines.filter((line) => /^0x\w+ +0x\w+ +[+/]$/.test(line))).toHaveLength(3)
    expect(fs.readFileSync(page, 'utf8')).toContain('x &#60;1&#62;.iso')
    const report = JSON.parse(fs.readFileSync(json, 'utf8')) as { verdict: string; damage: unknown[] }
    expect(report).toMatchObject({ verdict: 'failed', damage: [{ state: 'suspect', paths: ['A.TXT'] }] })
  })

  it('writes over nothing, and says so before it reads', () => {
    const taken = path.join(folder, 'taken.map')
    fs.writeFileSync(taken, 'mine')
    const refused = isolde(['verify', image(), '--map', taken])
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('already exists')])
    expect(fs.readFileSync(taken, 'utf8')).toBe('mine')
    expect(isolde(['verify', image(), image(), '--map', path.join(folder, 'other.map')]).status).toBe(2)
  })

  it('tells scripts codes and sentences, and nothing of what a window words them by', () => {
    fs.writeFileSync(image(), fs.readFileSync(image()).subarray(0, 30 * 2048))
    for (const command of ['info', 'verify', 'extract']) {
      const to = command === 'extract' ? ['--to', path.join(folder, 'out')] : []
      const { stdout } = isolde([command, image(), '--json', ...to])
      expect(stdout).toContain('{')
      expect(stdout).not.toContain('"details"')
    }
  })
})
