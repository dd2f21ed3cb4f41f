import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import {
  openPlainFile,
  openPlainFileHandle,
  PlainFileError,
  readPlainFile,
  readPlainHead,
} from '../../../src-main/files/plain-file'
import { withMore } from '../../../src-main/author/edit/more-options'
import { PRESETS } from '../../../src-main/author'
import { SettingsFile } from '../../../src-main/settings/settings'
import { ProgramLog } from '../../../src-main/engine/process/program-log'
import { temporaryFolder } from '../support'

function pipe(name = 'pipe', folder = temporaryFolder()): string {
  const file = path.join(folder, name)
  execFileSync('mkfifo', [file])
  return file
}

describe.runIf(process.platform === 'linux')('files that somebody names', () => {
  it('are neither pipes, devices nor folders, and none of them is waited for', async () => {
    for (const file of [pipe(), '/dev/zero', '/dev/tty'].filter((one) => one !== '/dev/tty' || process.stdin.isTTY)) {
      expect(() => openPlainFile(file, true)).toThrow(PlainFileError)
      expect(() => readPlainFile(file, 100)).toThrow(file)
      await expect(openPlainFileHandle(file, true)).rejects.toThrow(/no ordinary file/)
    }
    expect(() => openPlainFile(temporaryFolder())).toThrow(expect.objectContaining({ code: 'EISDIR' }))
    expect(() => openPlainFile('/nowhere/at/all')).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  })

  it('are read whole up to a limit, and no further, whatever their length says', () => {
    const file = path.join(temporaryFolder(), 'file')
    fs.writeFileSync(file, 'ten bytes.')
    expect(readPlainFile(file, 10).toString()).toBe('ten bytes.')
    expect(readPlainHead(file, 3).toString()).toBe('ten')
    expect(() => readPlainFile(file, 9)).toThrow(/is longer than the 9 bytes/)
    fs.truncateSync(file, 20 * 2 ** 30)
    expect(() => readPlainFile(file, 1 << 20)).toThrow(/is longer than/)
    // A file of the system says that it is empty.
    expect(readPlainFile('/proc/self/status', 1 << 20).toString()).toMatch(/^Name:/)
    expect(() => readPlainFile('/proc/self/status', 100)).toThrow(/is longer than/)
  })

  it('as code for a disk’s first sector end', () => {
    for (const mbrFile of [pipe(), '/dev/zero'])
      expect(() => withMore({ ...PRESETS.data, asRecorded: [], boots: [] }, { mbrFile })).toThrow(
        expect.objectContaining({ code: 'BAD_REQUEST' }),
      )
  })
})

describe.runIf(process.platform === 'linux')('a profile with pipes in it', () => {
  it('goes on without its log, and says so once', () => {
    const home = temporaryFolder()
    pipe('isolde.log', home)
    const written: string[] = []
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    const log = new ProgramLog(home)
    log.info('one')
    log.info('two')
    spy.mockRestore()
    expect(written).toEqual([
      `${path.join(home, 'isolde.log')} is no ordinary file, so nothing is noted there. Remove it.\n`,
    ])
  })

  it('goes on with the defaults, and puts aside what is no file of settings', () => {
    const home = temporaryFolder()
    const file = pipe('settings.json', home)
    const aside: string[] = []
    const settings = new SettingsFile(
      file,
      (value) => ({ a: 1, ...(value as object) }),
      () => undefined,
      (where) => aside.push(where),
    )
    expect(settings.get()).toEqual({ a: 1 })
    expect(aside).toEqual([`${file}.broken`])
    settings.set({ a: 2 })
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual({ a: 2 })
  })
})
