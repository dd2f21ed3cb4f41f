import { describe, expect, it } from 'vitest'
import { commands } from '../../../src-shared/contract'
import { asCalledNow } from '../../../src-shared/contract/earlier-commands'

const IMAGE = { image: 1, generation: 2 }

describe('a command of an earlier version', () => {
  it.each([
    ['job.copy', { paths: ['/a'], destination: '/b' }, 'copy'],
    ['job.copy', { paths: ['/a'], destination: '/b', move: true, conflicts: 'skip' }, 'move'],
    ['job.extract', { ...IMAGE, view: 'udf', entries: null, destination: '/b', keepPaths: true }, 'extract'],
    [
      'job.extract',
      { ...IMAGE, view: 'udf', entries: [3], destination: '/b', format: 'zip', password: 'x' },
      'archive',
    ],
    ['job.convert', { ...IMAGE, destination: '/b' }, 'convert'],
    ['job.verify', { ...IMAGE, view: 'udf' }, 'verify'],
  ])('%s is understood: %o', (name, input, kind) => {
    const now = asCalledNow(name, input)
    expect(now.name).toBe('job.start')
    const start = commands['job.start'].input.parse(now.input) as { kind: string; spec: object }
    expect(start.kind).toBe(kind)
    for (const [key, value] of Object.entries(input)) if (key !== 'move') expect(start.spec).toHaveProperty(key, value)
  })

  it('is left alone where it is none', () => {
    expect(asCalledNow('job.list', {})).toEqual({ name: 'job.list', input: {} })
    // It is refused for what it lacks, not as a command that there never was.
    expect(asCalledNow('job.copy', null)).toEqual({ name: 'job.start', input: null })
    expect(asCalledNow('constructor', {}).name).toBe('constructor')
  })
})
