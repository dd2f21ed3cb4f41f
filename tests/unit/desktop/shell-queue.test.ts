import { describe, expect, it } from 'vitest'
import type { LaunchRequest } from '../../../src-main/desktop/arguments'
import {
  addLaunch,
  cancelWaiting,
  changeItem,
  describe as describeQueue,
  imageStem,
  isSettled,
  mayCloseItself,
  needsWindow,
  nextItem,
  ownFolder,
  takeSnapshot,
  type JobSnapshot,
  type ShellQueue,
} from '../../../src-main/desktop/shell-queue'

const launch = (action: LaunchRequest['action'], ...images: string[]): LaunchRequest => ({
  action,
  images,
  destination: null,
})
const snapshot = (changes: Partial<JobSnapshot>): JobSnapshot => ({
  id: 'j1',
  kind: 'extract',
  state: 'running',
  title: { code: 'title', parameters: {} },
  sourceName: '',
  destination: '',
  position: 0,
  bytesDone: 0,
  bytesTotal: 0,
  entriesDone: 0,
  entriesTotal: 0,
  current: '',
  bytesPerSecond: 0,
  secondsLeft: null,
  question: null,
  result: null,
  problems: [],
  error: null,
  createdAt: 0,
  ...changes,
})
/** One image at work as job `j1`. */
const working = (...images: string[]): ShellQueue =>
  changeItem(addLaunch([], launch('extract-here', ...images)), 1, { state: 'working', job: 'j1' })

describe('collecting', () => {
  it('makes one queue of many starts, each image once', () => {
    let queue: ShellQueue = []
    for (const image of ['/a.iso', '/b.iso', '/a.iso']) queue = addLaunch(queue, launch('extract-here', image))
    queue = addLaunch(queue, launch('verify', '/a.iso'))
    queue = addLaunch(queue, launch('open', '/c.iso'))
    expect(queue.map(({ id, action, image }) => [id, action, image])).toEqual([
      [1, 'extract-here', '/a.iso'],
      [2, 'extract-here', '/b.iso'],
      [3, 'verify', '/a.iso'],
    ])
  })

  it('takes an image again once it has ended', () => {
    const queue = changeItem(addLaunch([], launch('verify', '/a.iso')), 1, { state: 'done' })
    expect(addLaunch(queue, launch('verify', '/a.iso'))).toHaveLength(2)
  })

  it('works on one image at a time, in order', () => {
    let queue = addLaunch([], launch('extract-here', '/a.iso', '/b.iso'))
    expect(nextItem(queue)?.id).toBe(1)
    queue = changeItem(queue, 1, { state: 'opening' })
    expect(nextItem(queue)).toBeNull()
    queue = changeItem(queue, 1, { state: 'failed', message: 'x' })
    expect(nextItem(queue)?.id).toBe(2)
  })
})

describe('following jobs', () => {
  it('knows only its own', () => {
    const queue = working('/a.iso')
    expect(takeSnapshot(queue, snapshot({ id: 'j9', state: 'done' }))).toBe(queue)
  })

  it.each([
    [{ state: 'running' }, 'working', null],
    [{ state: 'paused' }, 'working', null],
    [{ state: 'done' }, 'done', null],
    [{ state: 'cancelled' }, 'cancelled', null],
    [{ state: 'failed', error: { code: 'NO_SPACE', message: 'The disk is full.' } }, 'failed', 'The disk is full.'],
    [
      {
        state: 'done',
        result: { kind: 'extract', files: 1, directories: 0, symlinks: 0, bytesWritten: 1, problems: 2 },
        problems: [{ path: 'x', to: null, byteLength: 1, status: 'failed', message: 'It is lost.' }],
      },
      'failed',
      'Problems while extracting: 2. “x”: It is lost.',
    ],
  ] as [Partial<JobSnapshot>, string, string | null][])('%j: %s', (changes, state, message) => {
    expect(takeSnapshot(working('/a.iso'), snapshot(changes))[0]).toMatchObject({ state, message })
  })

  it('lets an ended item be', () => {
    const queue = takeSnapshot(working('/a.iso'), snapshot({ state: 'cancelled' }))
    expect(takeSnapshot(queue, snapshot({ state: 'running' }))[0]?.state).toBe('cancelled')
  })
})

describe('the small window', () => {
  it('is shown where no other window would tell', () => {
    expect(needsWindow([], false)).toBe(false)
    expect(needsWindow(working('/a.iso'), false)).toBe(true)
    expect(needsWindow(working('/a.iso'), true)).toBe(false)
    expect(needsWindow(addLaunch([], launch('verify', '/a.iso')), true)).toBe(true)
    const unopened = changeItem(addLaunch([], launch('extract-here', '/a')), 1, {
      state: 'failed',
      message: 'No image.',
    })
    expect(needsWindow(unopened, true)).toBe(true)
  })

  it('closes itself when there is nothing to read', () => {
    expect(mayCloseItself(working('/a.iso'))).toBe(false)
    expect(mayCloseItself(takeSnapshot(working('/a.iso'), snapshot({ state: 'done' })))).toBe(true)
    expect(mayCloseItself(takeSnapshot(working('/a.iso'), snapshot({ state: 'failed' })))).toBe(false)
    const verified = changeItem(addLaunch([], launch('verify', '/a.iso')), 1, { state: 'done', message: 'Whole.' })
    expect(mayCloseItself(verified)).toBe(false)
  })

  it('is settled after cancelling only when the engine says so', () => {
    const queue = cancelWaiting(working('/a.iso', '/b.iso'))
    expect(queue.map(({ state }) => state)).toEqual(['working', 'cancelled'])
    expect(isSettled(queue)).toBe(false)
    expect(isSettled(takeSnapshot(queue, snapshot({ state: 'cancelled' })))).toBe(true)
  })

  it('says what is being done, and how far', () => {
    let queue = working('/x/a.iso', '/x/b.iso')
    queue = takeSnapshot(queue, snapshot({ bytesDone: 50, bytesTotal: 100, current: 'boot/linux' }))
    expect(describeQueue(queue)).toMatchObject({
      title: 'Extracting (1 of 2)',
      detail: 'a.iso › boot/linux',
      fraction: 0.25,
      isDone: false,
      isBad: false,
      lines: [],
      button: 'Cancel',
    })
    expect(describeQueue(working('/a.iso')).fraction).toBeNull()
    expect(describeQueue(takeSnapshot(working('/a.iso'), snapshot({ state: 'failed' })))).toMatchObject({
      title: 'Finished, with problems',
      isDone: true,
      isBad: true,
      lines: ['a.iso: It could not be extracted.'],
    })
  })
})

describe('the folder of an image', () => {
  it.each([
    ['debian.iso', 'debian'],
    ['debian-12.5.0.iso', 'debian-12.5.0'],
    ['debian.iso.gz', 'debian'],
    ['Game.ISO.001', 'Game'],
    ['disc', 'disc contents'],
    ['readme.txt', 'readme.txt contents'],
    ['.iso', '.iso contents'],
    ['odd. .iso', 'odd'],
  ])('%s: %s', (name, stem) => {
    expect(imageStem(name)).toBe(stem)
  })

  it('gets a number where the name is taken', () => {
    const taken = new Set(['/x/a', '/x/a (2)'])
    expect(ownFolder('/x/a.iso', (folder) => taken.has(folder))).toBe('/x/a (3)')
    expect(ownFolder('/x/b.iso', (folder) => taken.has(folder))).toBe('/x/b')
  })
})
