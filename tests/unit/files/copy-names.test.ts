import fs from 'node:fs'
import path from 'node:path'
import { expect, it, vi } from 'vitest'
import { renameItem } from '../../../src-main/files/changes'
import { measureFolder } from '../../../src-main/files/folder-size'
import { moveToTrash, restoreFromTrash } from '../../../src-main/files/trash/trash'
import { listFolder } from '../../../src-main/files/listing'
import { nameOfBytes, namesIn, systemPath } from '../../../src-main/sinks/system-path'
import { temporaryFolder } from '../support'
import { otherDisk, run } from './copy-support'

const isLinux = process.platform === 'linux'

/** Names as the system has them: two that are no UTF-8, and the one that both would be taken for. */
const NAMES = [Buffer.from('n\xff', 'latin1'), Buffer.from('n\xfe', 'latin1'), Buffer.from('n\ufffd')]
const within = (folder: string, ...names: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(folder), ...names.flatMap((name) => [Buffer.from('/'), name])])

function plantLoose(): string {
  const folder = path.join(temporaryFolder(), 'src')
  fs.mkdirSync(folder)
  for (const [index, name] of NAMES.entries()) fs.writeFileSync(within(folder, name), String(index))
  const inner = Buffer.from('d\xe4', 'latin1')
  fs.mkdirSync(within(folder, inner))
  fs.writeFileSync(within(folder, inner, Buffer.from('x')), 'inside')
  fs.symlinkSync(Buffer.from('n\xff', 'latin1'), within(folder, Buffer.from('link')))
  return folder
}

function contentsOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of fs.readdirSync(folder, 'buffer')) {
    const at = within(folder, name)
    const stat = fs.lstatSync(at)
    const text = stat.isSymbolicLink()
      ? fs.readlinkSync(at, 'buffer').toString('latin1')
      : stat.isDirectory()
        ? fs.readFileSync(within(folder, name, Buffer.from('x')), 'utf8')
        : fs.readFileSync(at, 'utf8')
    found[name.toString('latin1')] = text
  }
  return found
}

it('keeps every byte of a name in a text', () => {
  for (const bytes of [...NAMES, Buffer.from('Größe 日本 😀'), Buffer.from([0xed, 0xa0, 0x80, 0x41, 0xf0, 0x9f])]) {
    const name = nameOfBytes(bytes)
    const back = systemPath(name)
    if (isLinux) expect(Buffer.from(back as string)).toEqual(bytes)
    expect(JSON.parse(JSON.stringify(name))).toBe(name)
  }
})

it.runIf(isLinux).each([
  ['copied', { move: false }],
  ['merged', { move: false, merges: true }],
  ['moved', { move: true }],
  ['moved and merged', { move: true, merges: true }],
])('names that are no UTF-8 are %s as they are', async (_how, { move, ...more }) => {
  const merges = 'merges' in more
  const source = plantLoose()
  const before = contentsOf(source)
  const to = (move ? otherDisk() : null) ?? temporaryFolder()
  if (merges) fs.mkdirSync(path.join(to, 'src'))
  const { summary } = await run([source], to, { move })
  expect(summary).toMatchObject({ files: 4, directories: 2, symlinks: 1, problems: 0 })
  expect(contentsOf(path.join(to, 'src'))).toEqual(before)
  expect(fs.existsSync(source)).toBe(!move)
  expect(fs.readdirSync(to)).toEqual(['src'])
})

it.runIf(isLinux)('each is listed by itself, and can be copied by itself', async () => {
  const source = plantLoose()
  const listed = await listFolder(source)
  expect(listed.map(({ name }) => name).sort()).toEqual(namesIn(source).sort())
  const loose = listed.find(({ name }) => name === nameOfBytes(NAMES[0] ?? Buffer.of()))
  const to = temporaryFolder()
  await run([loose?.path ?? ''], to)
  expect(contentsOf(to)).toEqual({ 'n\xff': '0' })
})

it.runIf(isLinux)('one is renamed, measured, put in the trash and brought back, and its like stays', async () => {
  const source = plantLoose()
  const loose = path.join(source, nameOfBytes(NAMES[0] ?? Buffer.of()))
  const renamed = await renameItem(loose, nameOfBytes(Buffer.from('m\xff', 'latin1')))
  expect(Object.keys(contentsOf(source)).sort()).toEqual(['d\xe4', 'link', 'm\xff', 'n\xef\xbf\xbd', 'n\xfe'])
  const { fileCount, byteLength } = await measureFolder(source, new AbortController().signal)
  expect([fileCount, byteLength]).toEqual([5, 3 + 'inside'.length + 2])
  vi.stubEnv('XDG_DATA_HOME', temporaryFolder())
  const trashed = moveToTrash(renamed)
  expect(fs.readFileSync(systemPath(trashed.infoFile), 'utf8')).toContain('/src/m%FF\n')
  expect(Object.keys(contentsOf(source)).sort()).toEqual(['d\xe4', 'link', 'n\xef\xbf\xbd', 'n\xfe'])
  expect(restoreFromTrash(trashed)).toBe(renamed)
  expect(contentsOf(source)['m\xff']).toBe('0')
  vi.unstubAllEnvs()
})
