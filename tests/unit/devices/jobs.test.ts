import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { driveAt, findDrives, identityOf } from '../../../src-main/devices'
import { openLocation } from '../../../src-main/engine/images'
import { kindOf, readSpec, type ImageSource, type JobTask } from '../../../src-main/jobs'
import { problemWith } from '../../../src-main/jobs/take-over'
import type { EntryOutcome, JobPhase, JobSnapshot, JobSpec } from '../../../src-shared/model'
import { SAMPLE, temporaryFolder } from '../support'
import { diskImage, MIB, plainDrive } from './drives-for-tests'

const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const sourceOf = (file: string): ImageSource => {
  return { kind: 'path', path: file, name: path.basename(file), byteLength: null, inside: [], charset: null }
}

/** The side of the queue that these jobs look at. */
class WatchedTask {
  readonly profile = '/nowhere/profile'
  readonly phases: JobPhase[] = []
  readonly problems: EntryOutcome[] = []

  constructor(readonly secret: string | null) {}

  open = (source: ImageSource): ReturnType<typeof openLocation> => openLocation(source.path)
  checkpoint = (): void => undefined
  begin = (): void => undefined
  commit = (): void => undefined
  progress = ({ phase }: { phase?: JobPhase }): void => {
    if (phase !== undefined) this.phases.push(phase)
  }
  problem = (outcome: EntryOutcome): void => {
    this.problems.push(outcome)
  }
}

const run = async (spec: object, task: WatchedTask): ReturnType<ReturnType<typeof kindOf>['run']> => {
  const read = readSpec(spec)!
  return kindOf(read).run(read, task as unknown as JobTask)
}

describe('jobs that write drives', () => {
  it('write an image and say in which phase they are', async () => {
    const image = diskImage(6 * MIB)
    const file = plainDrive(16 * MIB)
    const { drive, confirm } = driveAt(file, await findDrives())
    const task = new WatchedTask(confirm)
    const spec = {
      kind: 'write-drive',
      source: sourceOf(image),
      drive: identityOf(drive),
      how: null,
      table: 'mbr',
      fit: false,
    }
    const { result } = await run(spec, task)
    expect(result).toMatchObject({
      kind: 'write-drive',
      how: 'as-is',
      bytesChecked: 6 * MIB,
      sha256: sumOf(fs.readFileSync(image)),
      problems: 0,
    })
    expect(task.phases).toEqual(['preparing', 'writing', 'checking', 'finishing'])
  })

  it('keep no confirmation, and do nothing without it', async () => {
    const file = plainDrive(16 * MIB)
    const { drive } = driveAt(file, await findDrives())
    const before = sumOf(fs.readFileSync(file))
    const start = {
      image: 1,
      generation: 1,
      drive: identityOf(drive),
      confirm: 'stick.img',
      how: null,
      table: 'mbr',
      fit: false,
    }
    const prepared = await kindOf({ kind: 'write-drive' }).prepare(
      start as never,
      { source: () => sourceOf(SAMPLE) } as never,
    )
    expect(JSON.stringify(prepared.spec)).not.toContain('confirm')
    expect(prepared.secret).toBe('stick.img')
    const spec = { kind: 'erase-drive', drive: identityOf(drive), as: 'exfat', label: '' }
    await expect(run(spec, new WatchedTask(null))).rejects.toMatchObject({ code: 'NOT_CONFIRMED' })
    expect(sumOf(fs.readFileSync(file))).toBe(before)
  })

  it('notice another drive in the place of the one that was confirmed', async () => {
    const file = plainDrive(64 * MIB)
    const { drive, confirm } = driveAt(file, await findDrives())
    const spec = { kind: 'erase-drive', drive: { ...identityOf(drive), serial: 'OTHER' }, as: 'exfat', label: '' }
    await expect(run(spec, new WatchedTask(confirm))).rejects.toMatchObject({ code: 'DRIVE_CHANGED' })
    const own = { ...spec, drive: identityOf(drive) }
    expect(await run(own, new WatchedTask(confirm))).toMatchObject({ result: { problems: 0 } })
  })

  it.each(['write-drive', 'erase-drive'])('are over after a crash: %s', (kind) => {
    const drive = { id: '8:16', path: '/dev/sdb', byteLength: 1, model: 'Ultra', serial: '', diskSequence: null }
    const spec = { kind, drive, source: sourceOf(SAMPLE), how: null, table: 'mbr', fit: false, as: 'exfat', label: '' }
    const snapshot = { state: 'running', sourceName: 'a.iso' } as JobSnapshot
    const stored = { id: 'j', spec: spec as JobSpec, snapshot, leaseOwner: null, leaseUntil: 0 }
    expect(problemWith(stored, () => 1)).toMatchObject({
      code: 'INTERRUPTED',
      message: expect.stringContaining('Write it again') as string,
    })
  })
})

describe('a job that reads a disc', () => {
  it('gives its bytes, and goes on from its map', async () => {
    const target = path.join(temporaryFolder(), 'out.iso')
    const spec = { kind: 'read-disc', source: SAMPLE, target, retries: 1, reverse: false }
    const { result, destination } = await run(spec, new WatchedTask(null))
    expect(result).toMatchObject({ sha256: sumOf(fs.readFileSync(SAMPLE)), damagedFiles: 0, problems: 0 })
    expect(destination).toBe(target)
    expect(fs.existsSync(`${target}.map`)).toBe(false)
    expect(kindOf({ kind: 'read-disc' }).resume).toBe('continue')
  })
})
