import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { JobLog } from '../../../src-main/engine/process/job-log'
import { LOG_LEVELS, LOG_NAME, logLevelOf, ProgramLog } from '../../../src-main/engine/process/program-log'
import type { JobSnapshot } from '../../../src-shared/model'
import { temporaryFolder } from '../support'

let home: string
beforeEach(() => {
  home = temporaryFolder()
})

const lines = (): Record<string, unknown>[] =>
  fs
    .readFileSync(path.join(home, LOG_NAME), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

describe('the log of a profile', () => {
  it('is a line of JSON for each event, of its level and above', () => {
    const log = new ProgramLog(home)
    log.debug('Not said.')
    log.info('Said.', { ms: 3 })
    log.error('Two\nlines.')
    expect(lines()).toMatchObject([
      { level: 'info', msg: 'Said.', ms: 3, pid: process.pid },
      { level: 'error', msg: 'Two\nlines.' },
    ])
    expect(Date.parse(String(lines()[0]?.time))).toBeGreaterThan(0)
    expect(LOG_LEVELS.map(logLevelOf)).toEqual(LOG_LEVELS)
    expect(logLevelOf('loud')).toBeNull()
  })

  it('is kept short, whoever writes', () => {
    const file = path.join(home, LOG_NAME)
    fs.writeFileSync(file, 'x'.repeat((5 << 20) + 1))
    const [first, second] = [new ProgramLog(home), new ProgramLog(home)]
    first.info('One.')
    second.info('Two.')
    expect(lines().map(({ msg }) => msg)).toEqual(['One.', 'Two.'])
    expect(fs.statSync(`${file}.1`).size).toBe((5 << 20) + 1)
  })

  it('keeps nobody from going on where it cannot be written', () => {
    expect(() => new ProgramLog(path.join(home, 'gone')).error('Lost.')).not.toThrow()
  })

  it('tells how jobs came out, and their files only to who asks for everything', () => {
    const job = { id: 'abcdefghij', kind: 'extract', bytesDone: 5, entriesDone: 1, problems: [], error: null }
    const snapshots = [
      { ...job, state: 'running', destination: '/home/ann/secret' },
      { ...job, state: 'done', destination: '/home/ann/secret' },
      { ...job, state: 'done', destination: '/home/ann/secret' },
    ] as unknown as JobSnapshot[]
    const report = (log: JobLog): void => snapshots.forEach((snapshot) => log.note(snapshot))
    report(new JobLog(new ProgramLog(home)))
    expect(lines()).toMatchObject([{ kind: 'extract', state: 'done', bytes: 5, problems: 0 }])
    expect(JSON.stringify(lines())).not.toContain('secret')
    report(new JobLog(new ProgramLog(home, 'debug')))
    expect(JSON.stringify(lines())).toContain('secret')
  })
})
