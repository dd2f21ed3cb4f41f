import fs from 'node:fs'
import path from 'node:path'
import { expect, it, vi } from 'vitest'
import { attributeCalls } from '../../../src-main/sinks/attribute-calls'
import { Attributes } from '../../../src-main/files/copy/attributes'
import { temporaryFolder } from '../support'
import { otherDisk, plant, run } from './copy-support'

const calls = await attributeCalls()
const isLinux = process.platform === 'linux'

/** acl(5) as the system stores it: version 2, then tag, rights and number of each entry. */
function accessList(...entries: [tag: number, rights: number, id?: number][]): Buffer {
  const list = Buffer.alloc(4 + entries.length * 8)
  list.writeUInt32LE(2, 0)
  for (const [index, [tag, rights, id = 0xffffffff]] of entries.entries()) {
    list.writeUInt16LE(tag, 4 + index * 8)
    list.writeUInt16LE(rights, 6 + index * 8)
    list.writeUInt32LE(id, 8 + index * 8)
  }
  return list
}

/** The owner reads and writes, another user reads, the group nothing: as a mode that looks like rw-r-----. */
const LIST = accessList([0x01, 6], [0x02, 4, 1000], [0x04, 0], [0x10, 4], [0x20, 0])
const ACL = 'system.posix_acl_access'

function takes(folder: string, name: string, value: Buffer): boolean {
  const probe = path.join(folder, 'probe')
  fs.writeFileSync(probe, '')
  const isTaken = calls?.set(probe, name, value) === true
  fs.unlinkSync(probe)
  return isTaken
}

it.runIf(isLinux)('come along, on files and folders, in copies and in moves between disks', async (test) => {
  const from = plant(temporaryFolder(), { 'd/f': 'x', 'd/sub/g': 'y' })
  const to = otherDisk() ?? temporaryFolder()
  expect(calls).not.toBeNull()
  test.skip(![from, to].every((folder) => takes(folder, 'user.note', Buffer.from('n')) && takes(folder, ACL, LIST)))
  const at = path.join(from, 'd')
  calls?.set(path.join(at, 'f'), 'user.note', Buffer.from('kept\0whole'))
  calls?.set(path.join(at, 'f'), ACL, LIST)
  calls?.set(path.join(at, 'sub'), 'user.note', Buffer.from('of a folder'))
  fs.chmodSync(path.join(at, 'sub'), 0o555)
  for (const move of [false, true]) {
    const destination = fs.mkdtempSync(path.join(to, 'into-'))
    const { summary } = await run([at], destination, { move })
    expect(summary.problems).toBe(0)
    const copy = path.join(destination, 'd')
    expect(calls?.get(path.join(copy, 'f'), 'user.note')?.toString()).toBe('kept\0whole')
    expect(calls?.get(path.join(copy, 'f'), ACL)).toEqual(LIST)
    expect(calls?.get(path.join(copy, 'sub'), 'user.note')?.toString()).toBe('of a folder')
    fs.chmodSync(path.join(copy, 'sub'), 0o755)
    if (!move) fs.chmodSync(path.join(at, 'sub'), 0o755)
  }
})

it.runIf(isLinux)('are said to be lost where the disk does not take them, and nobody gains a right by that', () => {
  const folder = plant(temporaryFolder(), { f: 'x' })
  const [from, to] = [path.join(folder, 'f'), path.join(folder, 'g')]
  fs.chmodSync(from, 0o2640)
  fs.writeFileSync(to, 'x', { mode: 0o600 })
  const values = new Map([
    ['user.note', Buffer.from('n')],
    ['security.selinux', Buffer.from('label')],
    [ACL, LIST],
  ])
  const attributes = new Attributes({
    list: () => [...values.keys()],
    get: (_path, name) => values.get(name) ?? null,
    set: () => false,
  })
  attributes.copy(from, to, fs.lstatSync(from, { bigint: true }))
  // A set-group-ID bit is no part of the list.
  expect(fs.statSync(to).mode & 0o7777).toBe(0o2600)
  expect(attributes.takeLost()).toEqual({ path: from, count: 1, names: [ACL, 'user.note'] })
  expect(attributes.takeLost()).toBeNull()
})

it.runIf(isLinux)('are told of once for a whole job', async () => {
  vi.resetModules()
  vi.doMock('../../../src-main/sinks/attribute-calls', () => ({
    attributeCalls: () => Promise.resolve({ list: () => ['user.note'], get: () => Buffer.from('n'), set: () => false }),
  }))
  const { run: runWithout } = await import('./copy-support')
  vi.doUnmock('../../../src-main/sinks/attribute-calls')
  const from = plant(temporaryFolder(), { 'd/1': '1', 'd/2': '2' })
  const to = temporaryFolder()
  const { summary, outcomes } = await runWithout([path.join(from, 'd')], to)
  expect(summary).toMatchObject({ files: 2, directories: 1, problems: 1 })
  expect(outcomes.filter(({ code }) => code !== undefined)).toMatchObject([
    { status: 'partial', code: 'ATTRIBUTES_LOST', details: { reason: 'attributesLost', count: 3, folder: to } },
  ])
})

it('keeps times before 1970', async () => {
  const from = plant(temporaryFolder(), { 'd/f': 'x' })
  const at = path.join(from, 'd')
  const times = { f: -86_400_500, '': Date.UTC(1950, 0, 1), link: Date.UTC(1955, 5, 1) }
  fs.symlinkSync('f', path.join(at, 'link'))
  for (const name of ['f', 'link', ''] as const) {
    const time = new Date(times[name])
    fs.lutimesSync(path.join(at, name), time, time)
  }
  const to = temporaryFolder()
  await run([at], to)
  for (const name of ['f', 'link', ''] as const)
    expect(fs.lstatSync(path.join(to, 'd', name)).mtimeMs, name).toBe(times[name])
})
