import { describe, expect, it } from 'vitest'
import { kindOf, readSpec, readStored, type StoredJob } from '../../../src-main/jobs'
import { viewOf } from '../../../src-renderer/jobs/registry'
import { jobResult, jobStart } from '../../../src-shared/contract'
import { historyEntry } from '../../../src-shared/contract/history-commands'
import { jobContracts } from '../../../src-shared/contract/jobs/registry'
import type { EntryOutcome, JobSnapshot, JobSpec } from '../../../src-shared/model'

const source = { kind: 'path', path: '/discs/a.iso', name: 'a.iso', inside: [] }
const counts = { files: 3, directories: 1, symlinks: 0, bytesWritten: 10, problems: 1 }

describe('the registries', () => {
  it.each(Object.keys(jobContracts))('%s is known on every side', (kind) => {
    expect(kindOf({ kind }).id).toBe(kind)
    expect(viewOf(kind)?.words.en.title).toBeTruthy()
  })

  it('know nothing else', () => {
    expect(() => kindOf({ kind: 'burn' })).toThrow('burn')
    expect(viewOf('burn')).toBeNull()
    expect(jobStart.safeParse({ kind: 'burn', spec: {} }).success).toBe(false)
    expect(jobResult.safeParse({ kind: 'burn', problems: 0 }).success).toBe(false)
  })

  it('tell the requests of kinds from each other', () => {
    const spec = { image: 1, generation: 1, destination: '/to' }
    expect(jobStart.safeParse({ kind: 'convert', spec }).success).toBe(true)
    expect(jobStart.safeParse({ kind: 'extract', spec }).success).toBe(false)
    expect(jobResult.safeParse({ kind: 'verify', ...counts }).success).toBe(false)
  })
})

describe('a job that is over', () => {
  it('keeps in the history what its failure is worded by', () => {
    const error = { code: 'PASSWORD_GONE', message: 'English', details: { reason: 'passwordLost', name: 'a.iso' } }
    const entry = {
      ...{ id: 'j', kind: 'archive', state: 'failed', title: { code: 'title', parameters: {} }, sourceName: 'a.iso' },
      ...{ destination: '/to', result: null, error, createdAt: 1, startedAt: 1, endedAt: 2, undone: null },
    }
    expect(historyEntry.parse(entry).error).toEqual(error)
  })
})

/** As the catalog gives it, whatever version has written it. */
function stored(spec: object, snapshot: object): StoredJob {
  return { id: 'j', spec: spec as JobSpec, snapshot: snapshot as JobSnapshot, leaseOwner: null, leaseUntil: 0 }
}

describe('a job of an earlier version', () => {
  const extract = { kind: 'extract', source, view: 'udf', paths: null, destination: '/to', conflicts: 'ask' }

  it('gets what it did not say', () => {
    expect(readSpec({ ...extract, format: 'folder', hasPassword: false })).toEqual({
      ...extract,
      source: { ...source, byteLength: null, charset: null },
      smart: false,
      keepPaths: false,
      rename: null,
      names: null,
      attributes: { modes: false, xattrs: false, sparse: false },
    })
  })

  it('that could not go on said why by parameters', () => {
    const error = { code: 'SOURCE_GONE', message: 'English', parameters: { reason: 'dropped', name: 'a.iso' } }
    const read = readStored(stored(extract, { kind: 'extract', title: 'Extracting', error }))
    expect(read?.snapshot.error).toEqual({
      code: 'SOURCE_GONE',
      message: 'English',
      details: { reason: 'pageClosed', name: 'a.iso' },
    })
  })

  it('that made an archive was an extraction with a format', () => {
    const read = readStored(
      stored(
        { ...extract, format: 'zip', hasPassword: true },
        { kind: 'extract', title: 'Extracting', summary: counts },
      ),
    )
    expect(read?.spec).toMatchObject({ kind: 'archive', format: 'zip', hasPassword: true })
    expect(read?.snapshot).toMatchObject({
      kind: 'archive',
      title: { code: 'title', parameters: { source: 'a.iso', destination: 'to' } },
      result: { kind: 'archive', ...counts },
    })
    expect(jobResult.parse(read?.snapshot.result)).toEqual({ kind: 'archive', ...counts })
  })

  it('counted checks as files', () => {
    const read = readStored(stored({ kind: 'verify', source, view: 'udf' }, { kind: 'verify', summary: counts }))
    expect(read?.snapshot.result).toEqual({ kind: 'verify', sums: 3, problems: 1 })
    expect(
      readStored(stored({ kind: 'verify', source, view: 'udf' }, { kind: 'verify', summary: null })),
    ).toMatchObject({
      snapshot: { result: null },
    })
  })
})

const failed = (path: string): EntryOutcome => ({ path, to: null, byteLength: 0, status: 'failed' })

/** What a job for only these would be. */
function again(spec: object, paths: string[], destination = '/to'): object[] {
  const read = readSpec(spec)!
  return kindOf(read).onlyFailed!(read, paths.map(failed), destination)
}

describe('only what failed', () => {
  const extract = { kind: 'extract', source, view: 'udf', paths: null, destination: '/to', conflicts: 'skip' }

  it('of a whole image keeps its paths, in the folder that was made', () => {
    expect(again({ ...extract, smart: true }, ['a/b.txt', 'c'], '/to/disc')).toMatchObject([
      { paths: ['a/b.txt', 'c'], keepPaths: true, destination: '/to/disc', smart: false, conflicts: 'ask' },
    ])
  })

  it('of what was selected in a folder keeps its paths from there', () => {
    const spec = { ...extract, paths: ['top/a', 'top/b.txt', 'other/c'] }
    expect(again(spec, ['top/a/deep/x', 'top/b.txt', 'other/c'])).toMatchObject([
      { paths: ['top/a/deep/x', 'top/b.txt'], keepPathsFrom: 'top' },
      { paths: ['other/c'], keepPathsFrom: 'other' },
    ])
  })

  it('of one entry under another name keeps that', () => {
    const spec = { ...extract, paths: ['top/a'], rename: 'A2' }
    expect(again(spec, ['top/a'])).toMatchObject([{ paths: ['top/a'], rename: 'A2' }])
    expect(again(spec, ['top/a/deep/x'])).toMatchObject([
      { paths: ['top/a/deep/x'], destination: '/to/A2', keepPathsFrom: 'top/a', rename: null },
    ])
  })

  it('of a copy goes into the folders that it was to land in', () => {
    const copy = { kind: 'copy', paths: ['/from/tree', '/from/f'], destination: '/to', conflicts: 'skip' }
    expect(again(copy, ['/from/tree/deep/x', '/from/tree/deep/y', '/from/f'])).toMatchObject([
      { paths: ['/from/tree/deep/x', '/from/tree/deep/y'], destination: '/to/tree/deep', conflicts: 'ask' },
      { paths: ['/from/f'], destination: '/to' },
    ])
  })
})
