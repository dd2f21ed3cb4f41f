import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { TrashHistory } from '../../../src-main/engine/handlers/trash-history'
import { moveToTrash, restoreFromTrash } from '../../../src-main/files/trash/trash'
import { temporaryFolder } from '../support'

const isRoot = process.getuid?.() === 0

let folder: string
let trash: string

beforeEach(() => {
  folder = temporaryFolder()
  const data = path.join(folder, 'data')
  vi.stubEnv('XDG_DATA_HOME', data)
  trash = path.join(data, 'Trash')
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** A small disk of its own; null where this user may not mount one. */
function ownDisk(options = 'size=4m'): string | null {
  const disk = temporaryFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'isolde-test', disk], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', disk])
  })
  return disk
}

/** Until nothing more goes there. */
function fillBytes(disk: string): void {
  expect(() => {
    fs.writeFileSync(path.join(disk, 'fill'), Buffer.alloc(1 << 20))
  }).toThrow(/ENOSPC/)
}

function fillNames(disk: string): void {
  expect(() => {
    for (let i = 0; i < 100; i++) fs.writeFileSync(path.join(disk, `fill${i}`), '')
  }).toThrow(/ENOSPC/)
}

function plant(name: string, content = name): string {
  const file = path.join(folder, name)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
  return file
}

describe.runIf(process.platform === 'linux')('the trash (Linux)', () => {
  it.runIf(isRoot)('says of a full disk that it is full, and leaves no note', () => {
    for (const hasTrash of [false, true]) {
      const disk = ownDisk('size=64k,nr_inodes=24')
      if (disk === null) return
      const file = path.join(disk, 'file')
      fs.writeFileSync(file, '')
      if (hasTrash) {
        fs.writeFileSync(path.join(disk, 'before'), '')
        moveToTrash(path.join(disk, 'before'))
        fillBytes(disk)
      } else fillNames(disk)
      const before = fs.readdirSync(disk, { recursive: true })
      expect(() => moveToTrash(file)).toThrow(/its disk is full/)
      expect(() => moveToTrash(file)).toThrow(expect.objectContaining({ code: 'NO_SPACE' }))
      expect(fs.readdirSync(disk, { recursive: true })).toEqual(before)
    }
  })

  it('takes a file with a note that every file manager reads, for its owner only, and gives it back', () => {
    const file = plant('a folder/50% grün.txt')
    const { ino, mtimeMs } = fs.statSync(file)
    const item = moveToTrash(file)
    expect(fs.existsSync(file)).toBe(false)
    expect(fs.readFileSync(path.join(trash, 'files', '50% grün.txt'), 'utf8')).toBe('a folder/50% grün.txt')
    const info = fs.readFileSync(path.join(trash, 'info', '50% grün.txt.trashinfo'), 'utf8')
    const encoded = `${folder}/a%20folder/50%25%20gr%C3%BCn.txt`
    expect(info).toMatch(/^\[Trash Info\]\nPath=.+\nDeletionDate=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n$/)
    expect(info.split('\n')[1]).toBe(`Path=${encoded}`)
    expect(fs.statSync(trash).mode & 0o777).toBe(0o700)
    expect(restoreFromTrash(item)).toBe(file)
    expect(fs.statSync(file)).toMatchObject({ ino, mtimeMs })
    expect(fs.readdirSync(path.join(trash, 'files'))).toEqual([])
    expect(fs.readdirSync(path.join(trash, 'info'))).toEqual([])
  })

  it('takes folders with all that is in them, links as links, and names that it has already', () => {
    plant('tree/deep/file')
    const link = path.join(folder, 'link')
    fs.symlinkSync('tree', link)
    const items = [path.join(folder, 'tree'), link].map(moveToTrash)
    plant('tree', 'a file now')
    items.push(moveToTrash(path.join(folder, 'tree')))
    expect(fs.readdirSync(path.join(trash, 'files')).sort()).toEqual(['link', 'tree', 'tree (2)'])
    expect(fs.readdirSync(path.join(trash, 'info')).length).toBe(3)
    expect(fs.readlinkSync(path.join(trash, 'files', 'link'))).toBe('tree')
    for (const item of items.reverse()) restoreFromTrash(item)
    // The name went to who came first, nothing was replaced.
    expect(fs.readFileSync(path.join(folder, 'tree'), 'utf8')).toBe('a file now')
    expect(fs.readFileSync(path.join(folder, 'tree (2)/deep/file'), 'utf8')).toBe('tree/deep/file')
    expect(fs.readlinkSync(link)).toBe('tree')
  })

  it('gives back into a folder that is gone by now', () => {
    const item = moveToTrash(plant('away/file'))
    fs.rmdirSync(path.join(folder, 'away'))
    restoreFromTrash(item)
    expect(fs.readFileSync(path.join(folder, 'away/file'), 'utf8')).toBe('away/file')
  })

  it('gives nothing else that has the name by now', () => {
    const item = moveToTrash(plant('file'))
    fs.renameSync(item.to, `${item.to}.kept`)
    fs.writeFileSync(item.to, 'of somebody else')
    expect(() => restoreFromTrash(item)).toThrow('not in the trash any more')
    expect(fs.readFileSync(item.to, 'utf8')).toBe('of somebody else')
    expect(fs.existsSync(path.join(folder, 'file'))).toBe(false)
  })

  it('takes neither itself nor what holds it nor what it has', () => {
    const item = moveToTrash(plant('file'))
    expect(() => moveToTrash(folder)).toThrow('holds the trash itself')
    expect(() => moveToTrash(path.join(trash, 'files'))).toThrow('holds the trash itself')
    expect(() => moveToTrash(item.to)).toThrow('in the trash already')
    expect(() => moveToTrash(path.join(folder, 'nothing'))).toThrow("doesn't exist")
    expect(fs.readdirSync(path.join(trash, 'info'))).toEqual(['file.trashinfo'])
  })

  it('leaves no note of what could not be moved', () => {
    const file = plant('file')
    moveToTrash(plant('other'))
    vi.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw Object.assign(new Error('no'), { code: 'EPERM' })
    })
    vi.spyOn(fs, 'renameSync').mockImplementation(() => {
      throw Object.assign(new Error('no'), { code: 'EACCES' })
    })
    expect(() => moveToTrash(file)).toThrow('permission')
    expect(fs.readFileSync(file, 'utf8')).toBe('file')
    expect(fs.readdirSync(path.join(trash, 'info'))).toEqual(['other.trashinfo'])
  })

  it('takes a name as long as names may be', () => {
    const file = plant('n'.repeat(255))
    restoreFromTrash(moveToTrash(file))
    expect(fs.existsSync(file)).toBe(true)
  })

  describe.runIf(isRoot)('of another disk (needs root for a tmpfs)', () => {
    it('is at its top, with paths from there', ({ skip }) => {
      const disk = ownDisk()
      if (disk === null) return skip('no disk can be mounted here')
      fs.mkdirSync(path.join(disk, 'deep/er'), { recursive: true })
      const file = path.join(disk, 'deep/er/file')
      fs.writeFileSync(file, 'there')
      const item = moveToTrash(file)
      const own = path.join(disk, `.Trash-${process.getuid?.()}`)
      expect(item.to).toBe(path.join(own, 'files/file'))
      expect(fs.readFileSync(path.join(own, 'info/file.trashinfo'), 'utf8')).toContain('\nPath=deep/er/file\n')
      expect(fs.statSync(own).mode & 0o777).toBe(0o700)
      expect(restoreFromTrash(item)).toBe(file)
    })

    it('is the administrator’s where that has the sticky bit, and never a link', ({ skip }) => {
      const disk = ownDisk()
      if (disk === null) return skip('no disk can be mounted here')
      const put = (name: string): string => {
        fs.writeFileSync(path.join(disk, name), name)
        return path.relative(disk, moveToTrash(path.join(disk, name)).to)
      }
      const user = process.getuid?.()
      fs.mkdirSync(path.join(disk, '.Trash'))
      expect(put('without the bit')).toBe(`.Trash-${user}/files/without the bit`)
      fs.chmodSync(path.join(disk, '.Trash'), 0o1777)
      expect(put('with it')).toBe(`.Trash/${user}/files/with it`)
      fs.renameSync(path.join(disk, '.Trash'), path.join(disk, 'elsewhere'))
      fs.symlinkSync('elsewhere', path.join(disk, '.Trash'))
      expect(put('through a link')).toBe(`.Trash-${user}/files/through a link`)
    })

    it('is none where it takes no folder: nothing is deleted, and a sentence says so', ({ skip }) => {
      const disk = ownDisk()
      if (disk === null) return skip('no disk can be mounted here')
      fs.writeFileSync(path.join(disk, 'file'), 'there')
      // A file of that name, where the folder would be.
      fs.writeFileSync(path.join(disk, `.Trash-${process.getuid?.()}`), '')
      expect(() => moveToTrash(path.join(disk, 'file'))).toThrow('has no trash')
      expect(fs.readFileSync(path.join(disk, 'file'), 'utf8')).toBe('there')
    })
  })

  it('brings a folder back before what had been taken out of it', async () => {
    const history = new TrashHistory()
    const inner = path.join(folder, 'd', 'inner')
    fs.mkdirSync(path.dirname(inner))
    fs.writeFileSync(inner, 'inner')
    fs.writeFileSync(path.join(folder, 'd', 'other'), 'other')
    const moved = await history.move([inner, path.join(folder, 'd')])
    expect(moved).toMatchObject({ count: 2, problem: null })
    expect(await history.undo(moved.undo!)).toEqual({ count: 2, renamed: [], undo: null, problem: null })
    expect(fs.readdirSync(path.join(folder, 'd')).toSorted()).toEqual(['inner', 'other'])
    expect(fs.readdirSync(folder).filter((name) => name.startsWith('d '))).toEqual([])
  })

  it('undoes one deletion as a whole, once, and goes on with what can be brought back', async () => {
    const history = new TrashHistory()
    const files = ['one', 'two', 'three'].map((name) => plant(name))
    const moved = await history.move([...files, path.join(folder, 'nothing')])
    expect(moved).toMatchObject({ count: 3, problem: { code: 'NO_SUCH_FILE', details: { reason: 'fileGone' } } })
    fs.rmSync(path.join(trash, 'files', 'two'))
    fs.writeFileSync(files[0]!, 'newer')
    const undone = await history.undo(moved.undo!)
    expect(undone).toMatchObject({ count: 2, renamed: [path.join(folder, 'one (2)')], undo: moved.undo })
    expect(undone.problem?.message).toContain('two')
    expect(fs.readFileSync(files[0]!, 'utf8')).toBe('newer')
    expect(fs.readFileSync(path.join(folder, 'one (2)'), 'utf8')).toBe('one')
    expect(fs.readFileSync(files[2]!, 'utf8')).toBe('three')
    await expect(history.undo('something')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})
