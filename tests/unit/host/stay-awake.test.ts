import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { stayAwake, stayAwakeWhile, wakefulProgram } from '../../../src-main/host/stay-awake'
import { temporaryFolder } from '../support'

afterEach(() => {
  vi.useRealTimers()
})

describe('keeping the system awake', () => {
  it('lasts exactly as long as there is something to do', () => {
    vi.useFakeTimers()
    let isBusy = false
    const log: string[] = []
    const end = stayAwakeWhile(
      () => isBusy,
      () => {
        log.push('held')
        return { release: () => log.push('released') }
      },
    )
    vi.advanceTimersByTime(3000)
    expect(log).toEqual([])
    isBusy = true
    vi.advanceTimersByTime(3000)
    expect(log).toEqual(['held'])
    isBusy = false
    vi.advanceTimersByTime(3000)
    expect(log).toEqual(['held', 'released'])
    isBusy = true
    vi.advanceTimersByTime(1000)
    end()
    expect(log).toEqual(['held', 'released', 'held', 'released'])
    vi.advanceTimersByTime(3000)
    expect(log).toHaveLength(4)
  })

  it('is asked of a program that each system has, and that ends when this one does', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) expect(wakefulProgram(platform)).not.toBeNull()
    expect(wakefulProgram('freebsd')).toBeNull()
    expect(wakefulProgram('linux')?.args.at(-1)).toBe('cat')
  })

  it('ends with its release, and harms nobody where the program is missing', async () => {
    const traces = path.join(temporaryFolder(), 'traces')
    const script = `printf begun >'${traces}'; cat; printf ' ended' >>'${traces}'`
    const held = stayAwake({ program: 'sh', args: ['-c', script] })
    await vi.waitFor(() => {
      expect(fs.readFileSync(traces, 'utf8')).toBe('begun')
    })
    held.release()
    await vi.waitFor(() => {
      expect(fs.readFileSync(traces, 'utf8')).toBe('begun ended')
    })
    stayAwake({ program: 'no-such-program', args: [] }).release()
    stayAwake(null).release()
  })
})
