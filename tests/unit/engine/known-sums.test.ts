import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { extractImage, openLocation } from '../../../src-main/engine'
import type { EntryOutcome } from '../../../src-shared/model'
import { buildIso, type BuildNode } from '../../images/iso-builder'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** What extraction tells of some paths of an image that is made of these. */
async function problemsOf(nodes: BuildNode[], paths: string[], rename: string | null = null): Promise<EntryOutcome[]> {
  const folder = temporaryFolder()
  const file = path.join(folder, 'disc.iso')
  fs.writeFileSync(file, buildIso(nodes).bytes)
  const opened = await openLocation(file)
  const problems: EntryOutcome[] = []
  try {
    await extractImage({
      opened,
      view: opened.image.view(opened.image.info.defaultViewId),
      selection: { paths },
      layout: { kind: 'selected' },
      rename,
      where: () => ({ destination: path.join(folder, 'out'), folder: null }),
      conflicts: 'fail',
      control: { checkpoint: () => undefined, progress: () => undefined },
      onOutcome: (outcome) => {
        if (outcome.status !== 'written') problems.push(outcome)
      },
    })
  } finally {
    await opened.close()
  }
  return problems
}

/** A list at the root, and two of the three files that it names as they should be. */
function listed(listPath: 'root' | 'live' = 'root'): BuildNode[] {
  const lines = `${md5('right')}  POOL/A/RIGHT.TXT\n${md5('as it was')}  ./POOL/A/WRONG.TXT\n${md5('b')}  POOL/B/B.TXT\n`
  const list = { name: 'MD5SUMS.TXT;1', data: lines }
  const pool = {
    name: 'POOL',
    children: [
      {
        name: 'A',
        children: [
          { name: 'RIGHT.TXT;1', data: 'right' },
          { name: 'WRONG.TXT;1', data: 'as it is' },
        ],
      },
      { name: 'B', children: [{ name: 'B.TXT;1', data: 'b' }] },
    ],
  }
  return listPath === 'root' ? [list, pool] : [{ name: 'LIVE', children: [list] }, pool]
}

describe('a part of an image', () => {
  it.each(['root', 'live'] as const)('is compared with the sums of a list that lies above it: %s', async (place) => {
    const wrong = expect.objectContaining({ path: 'POOL/A/WRONG.TXT', code: 'SUM_MISMATCH' }) as unknown
    expect(await problemsOf(listed(place), ['POOL/A/WRONG.TXT', 'POOL/A/RIGHT.TXT'])).toEqual([wrong])
    expect(await problemsOf(listed(place), ['POOL/A'])).toEqual([wrong])
    expect(await problemsOf(listed(place), ['POOL/A/RIGHT.TXT'])).toEqual([])
  })

  it('is so under another name, too', async () => {
    expect(await problemsOf(listed(), ['POOL/A/WRONG.TXT'], 'other name.txt')).toMatchObject([
      { code: 'SUM_MISMATCH', to: 'other name.txt' },
    ])
  })
})

describe('an image that was hashed', () => {
  it.each(['extract', 'archive'] as const)('and is read otherwise now says so: %s', async (kind) => {
    const folder = temporaryFolder()
    const file = path.join(folder, 'disc.iso')
    const built = buildIso([
      { name: 'DIR', children: [{ name: 'GOOD.TXT;1', data: 'good' }] },
      { name: 'ROTTEN.TXT;1', data: 'fresh' },
    ])
    fs.writeFileSync(file, built.bytes)
    const engine = await EngineProcess.start(path.join(folder, 'home'))
    const opened = await engine.call('image.open', { location: { kind: 'path', path: file } })
    const ref = { image: opened.image, generation: opened.generation, view: opened.info.defaultViewId }
    const hashing = await engine.call('job.start', {
      kind: 'hash',
      spec: { ...ref, entries: null, algorithm: 'sha256' },
    })
    await engine.event('job.snapshot', (one) => one.id === hashing.job && one.state === 'done')

    // A disk that forgets: neither the length nor the time of the file tells.
    const { atime, mtime } = fs.statSync(file)
    const at = built.blockOf('ROTTEN.TXT;1') * 2048
    const descriptor = fs.openSync(file, 'r+')
    fs.writeSync(descriptor, Buffer.from('flesh'), 0, 5, at)
    fs.closeSync(descriptor)
    fs.utimesSync(file, atime, mtime)
    const destination = path.join(folder, 'out')
    const { job } =
      kind === 'extract'
        ? await engine.call('job.start', { kind, spec: { ...ref, entries: null, destination } })
        : await engine.call('job.start', { kind, spec: { ...ref, entries: null, destination, format: 'zip' } })
    const done = await engine.event('job.snapshot', (one) => one.id === job && one.state === 'done')
    expect(done.problems).toMatchObject([{ path: 'ROTTEN.TXT', status: 'partial', code: 'SUM_MISMATCH' }])
    expect(done.problems[0]?.message).toContain('when the image was hashed')

    // A file that was written to since is another image, of which nothing is known.
    fs.utimesSync(file, atime, new Date(mtime.getTime() + 5000))
    const again = await engine.call('job.start', {
      kind: 'extract',
      spec: { ...ref, entries: null, destination: path.join(folder, 'again') },
    })
    expect(await engine.event('job.snapshot', (one) => one.id === again.job && one.state === 'done')).toMatchObject({
      problems: [],
    })
    await engine.shutdown()
  })
})
