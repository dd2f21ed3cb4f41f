import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { hasAppeared, makeWholeFile, type ReadyFile } from '../../../src-main/sinks/atomic-file'
import { pour } from '../../../src-main/sinks/pour'
import { UNCONTROLLED } from '../../../src-main/task'
import { temporaryFolder } from '../support'

let folder: string
beforeEach(() => (folder = temporaryFolder()))

describe('a file that appears whole', () => {
  it('has no name before its last step, and is recognised after it', async () => {
    const target = path.join(folder, 'new', 'a.bin')
    let ready: ReadyFile | null = null
    await makeWholeFile(
      target,
      (_, file) => {
        file.write(new Uint8Array([2]), 1)
        file.write(new Uint8Array([1]), 0)
        return Promise.resolve()
      },
      (file) => {
        ready = file
        expect(fs.existsSync(target)).toBe(false)
        expect(hasAppeared(file)).toBe(false)
      },
    )
    expect([...fs.readFileSync(target)]).toEqual([1, 2])
    expect(ready).toMatchObject({ byteLength: 2 })
    expect(hasAppeared(ready!)).toBe(true)
    expect(fs.readdirSync(path.dirname(target))).toEqual(['a.bin'])
  })

  it('leaves nothing where it is not finished, and passes on why as it is', async () => {
    const target = path.join(folder, 'a.bin')
    const reason = Object.assign(new Error('no more'), { code: 'CANCELLED' })
    const made = makeWholeFile(target, (_, file) => {
      file.write(new Uint8Array(10), 0)
      return Promise.reject(reason)
    })
    await expect(made).rejects.toBe(reason)
    expect(fs.readdirSync(folder)).toEqual([])
  })

  it('never replaces what has the name, before or meanwhile', async () => {
    const target = path.join(folder, 'a.bin')
    fs.writeFileSync(target, 'mine')
    await expect(makeWholeFile(target, () => Promise.resolve())).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    fs.rmSync(target)
    const made = makeWholeFile(target, (_, file) => {
      file.write(new Uint8Array(1), 0)
      fs.writeFileSync(target, 'mine')
      return Promise.resolve()
    })
    await expect(made).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    expect(fs.readFileSync(target, 'utf8')).toBe('mine')
    expect(fs.readdirSync(folder)).toEqual(['a.bin'])
  })

  it('says what the disk says', async () => {
    fs.writeFileSync(path.join(folder, 'file'), '')
    const made = makeWholeFile(path.join(folder, 'file', 'a.bin'), () => Promise.resolve())
    await expect(made).rejects.toMatchObject({ name: 'SinkError', code: expect.stringMatching(/^[A-Z_]+$/) as string })
  })
})

describe('a source poured into a file', () => {
  const poured = async (source: Parameters<typeof pour>[0]) => {
    const target = path.join(folder, 'out')
    const told: number[] = []
    const control = { ...UNCONTROLLED, progress: ({ bytesDone = 0 }) => void told.push(bytesDone) }
    const result = await makeWholeFile(target, (_, file) => pour(source, file, control))
    return { result, told, bytes: fs.readFileSync(target) }
  }

  it('is there byte for byte, holes read as zeros', async () => {
    const all = Buffer.alloc(3 << 20, 7)
    all.fill(0, 1 << 20, 2 << 20)
    const { result, told, bytes } = await poured({
      byteLength: all.byteLength,
      read: (at, byteLength) => {
        expect(at).not.toBe(1 << 20)
        return new Uint8Array(all.subarray(at, at + byteLength))
      },
      recorded: (at, byteLength) => (at === 1 << 20 ? 0 : byteLength),
    })
    expect(result).toEqual({ byteLength: all.byteLength, problem: null })
    expect(told).toEqual([1 << 20, 2 << 20, 3 << 20])
    expect(bytes.equals(all)).toBe(true)
  })

  it('ends where the source ends, and says what its sums say first', async () => {
    const { result, bytes } = await poured({
      byteLength: 100,
      read: () => new Uint8Array(0),
      readChecked: (at, _length, wrong) => {
        wrong(`wrong at ${at}`)
        return at === 0 ? new Uint8Array(10) : new Uint8Array(0)
      },
    })
    expect(result).toEqual({ byteLength: 10, problem: 'wrong at 0' })
    expect(bytes.byteLength).toBe(10)
  })

  it('makes an empty file of nothing', async () => {
    const { bytes } = await poured({ byteLength: 0, read: () => new Uint8Array(0) })
    expect(bytes.byteLength).toBe(0)
  })
})
