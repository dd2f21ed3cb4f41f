import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { WriterPool } from '../../../src-main/extract/writer-pool'
import type { SourceFile } from '../../../src-main/image'
import type { PoolWorker } from '../../../src-main/extract/pool-worker'
import { emptyBatch, type SmallFileFailure, type SmallFiles } from '../../../src-main/extract/small-files'
import { temporaryFolder } from '../support'

const IMAGE = Buffer.from('0123456789')

const FILE: SourceFile = {
  role: 'image',
  descriptor: 0,
  read: (byteOffset, byteLength) => IMAGE.subarray(byteOffset, byteOffset + byteLength),
  readInto: (target, byteOffset) => IMAGE.copy(target, 0, byteOffset),
}

function batchOf(folder: string, names: string[]): SmallFiles {
  const batch = emptyBatch()
  for (const [at, name] of names.entries()) {
    batch.paths.push(path.join(folder, name))
    batch.byteOffsets.push(at)
    batch.byteLengths.push(2)
    batch.packings.push(null)
    batch.modes.push(0o644)
    batch.modified.push(NaN)
    batch.sums.push(null)
  }
  return batch
}

/** A worker that does what the test says. */
class Puppet {
  problem: unknown = null
  given: SmallFiles[] = []
  answer: (failures: SmallFileFailure[]) => void = () => undefined
  private failed = (): void => undefined

  listen(answered: (failures: SmallFileFailure[]) => void, failed: () => void): void {
    this.answer = answered
    this.failed = failed
  }

  give(batch: SmallFiles): void {
    this.given.push(batch)
  }

  die(): void {
    this.problem = new Error('out of memory')
    this.failed()
  }

  asWorker(): PoolWorker {
    return this as unknown as PoolWorker
  }
}

describe('WriterPool', () => {
  it('gives the worker two batches ahead and writes the others itself', async () => {
    const folder = temporaryFolder()
    const puppet = new Puppet()
    const done: string[] = []
    const pool = new WriterPool([puppet.asWorker()], (batch) => done.push(path.basename(batch.paths[0] ?? '')))
    for (const name of ['a', 'b', 'c']) await pool.write(batchOf(folder, [name]), FILE)
    expect(puppet.given.map((batch) => path.basename(batch.paths[0] ?? ''))).toEqual(['a', 'b'])
    expect(done).toEqual(['c'])
    expect(pool.isIdle()).toBe(false)
    puppet.answer([])
    puppet.answer([])
    await pool.settle()
    expect(done).toEqual(['c', 'a', 'b'])
  })

  it('gives each worker its share before any has two', async () => {
    const folder = temporaryFolder()
    const puppets = [new Puppet(), new Puppet()]
    const done: string[] = []
    const workers = puppets.map((puppet) => puppet.asWorker())
    const pool = new WriterPool(workers, (batch) => done.push(path.basename(batch.paths[0] ?? '')))
    for (const name of ['a', 'b', 'c', 'd', 'e']) await pool.write(batchOf(folder, [name]), FILE)
    const given = puppets.map((puppet) => puppet.given.map((batch) => path.basename(batch.paths[0] ?? '')).join(''))
    expect(given).toEqual(['ac', 'bd'])
    expect(done).toEqual(['e'])
    puppets[1]?.die()
    puppets[0]?.answer([])
    puppets[0]?.answer([])
    await pool.settle()
    expect(done).toEqual(['e', 'a', 'c', 'b', 'd'])
  })

  it('writes what a worker that died had in hand, over what it had begun', async () => {
    const folder = temporaryFolder()
    const puppet = new Puppet()
    const done: SmallFileFailure[][] = []
    const pool = new WriterPool([puppet.asWorker()], (_batch, failures) => done.push(failures))
    await pool.write(batchOf(folder, ['begun', 'not begun']), FILE)
    fs.writeFileSync(path.join(folder, 'begun'), 'h')
    const settled = pool.settle()
    puppet.die()
    await settled
    expect(done).toEqual([[]])
    expect(fs.readFileSync(path.join(folder, 'begun'), 'latin1')).toBe('01')
    expect(fs.readFileSync(path.join(folder, 'not begun'), 'latin1')).toBe('12')
  })

  it('gives nothing to a worker that has died before', async () => {
    const folder = temporaryFolder()
    const puppet = new Puppet()
    puppet.die()
    const pool = new WriterPool([puppet.asWorker()], () => undefined)
    await pool.write(batchOf(folder, ['a']), FILE)
    await pool.settle()
    expect(puppet.given).toEqual([])
    expect(fs.existsSync(path.join(folder, 'a'))).toBe(true)
  })
})
