import fs from 'node:fs'
import path from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readEnd } from '../../../src-main/engine/jobs/job-report'
import { SharedControl } from '../../../src-main/task'
import { serveJob, type JobMethods, type RunAnswer } from '../../../src-main/engine/jobs/job-service'
import { Peer } from '../../../src-main/engine/rpc/peer'
import type { ImageSource } from '../../../src-main/jobs'
import type { JobSpec } from '../../../src-shared/model'
import { keptStageName } from '../../../src-main/sinks/stage-name'
import { SAMPLE, temporaryFolder } from '../support'

afterEach(() => vi.restoreAllMocks())

/** Runs one job as its thread does. */
async function run(spec: JobSpec, reportFile: string, isTakenOver: boolean): Promise<RunAnswer> {
  const { port1, port2 } = new MessageChannel()
  serveJob(port2)
  const owner = new Peer<JobMethods>(port1, {
    begun: () => undefined,
    progress: () => undefined,
    question: () => undefined,
    stopped: () => undefined,
    slice: () => Promise.resolve(new Uint8Array(0)),
  })
  try {
    const control = new SharedControl().memory
    return await owner.call('run', { id: 'job', spec, secret: null, isTakenOver, control, reportFile, catalogPath: '' })
  } finally {
    port1.close()
  }
}

const source: ImageSource = {
  kind: 'path',
  path: SAMPLE,
  name: 'sample.iso',
  byteLength: null,
  inside: [],
  charset: null,
}

describe('a job whose process ends right after its last rename', () => {
  it.each([
    ['convert', (destination: string) => ({ kind: 'convert', source, destination }), 'sample.iso'],
    [
      'a ZIP',
      (destination: string) => ({
        kind: 'archive',
        source,
        view: 'rock-ridge',
        paths: null,
        destination,
        keepPaths: true,
        format: 'zip',
      }),
      'sample.zip',
    ],
  ])('%s is not made twice, and its outcome is known', async (_, specOf, name) => {
    const folder = temporaryFolder()
    const destination = path.join(folder, 'out')
    const report = path.join(folder, 'report.jsonl')
    const noted: unknown[] = []
    vi.spyOn(fs, 'linkSync').mockImplementation(() => {
      // Nothing has its own name yet, and how it will have ended is noted.
      expect(fs.readdirSync(destination).filter((one) => !one.startsWith('.'))).toEqual([])
      noted.push(readEnd(report))
      throw new Error('a disk without hard links')
    })
    const answer = await run(specOf(destination), report, false)
    expect(noted).toEqual([
      expect.objectContaining({ result: answer.result, destination: path.join(destination, name) }),
    ])
    // What an engine finds that was killed before it could note the end.
    fs.writeFileSync(`${report}.end`, JSON.stringify(noted[0]))
    expect(await run(specOf(destination), report, true)).toEqual(answer)
    expect(fs.readdirSync(destination)).toEqual([name])
    // Killed just before the rename, it is made after all.
    fs.rmSync(path.join(destination, name))
    fs.writeFileSync(path.join(destination, name), 'of somebody else')
    await run(specOf(destination), report, true)
    expect(fs.readdirSync(destination)).toHaveLength(2)
    expect(fs.readFileSync(path.join(destination, name), 'utf8')).toBe('of somebody else')
  })

  it('a copy is not made twice, and its stage is gone', async () => {
    const folder = temporaryFolder()
    const destination = path.join(folder, 'out')
    const report = path.join(folder, 'report.jsonl')
    fs.mkdirSync(destination)
    fs.writeFileSync(path.join(folder, 'one.txt'), 'one')
    const stage = path.join(destination, keptStageName('job'))
    const spec = { kind: 'copy', paths: [path.join(folder, 'one.txt')], destination, conflicts: 'rename' } as const
    const answer = await run(spec, report, false)
    // What a kill leaves between the note of the end and the removal of the stage.
    fs.mkdirSync(stage)
    fs.writeFileSync(path.join(stage, 'journal.json'), '{}')
    expect(await run(spec, report, true)).toEqual(answer)
    expect(fs.readdirSync(destination)).toEqual(['one.txt'])
  })
})
