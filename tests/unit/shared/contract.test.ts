import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import type { z } from 'zod'
import type { imageInfo, jobSnapshot } from '../../../src-shared/contract'
import {
  clientMessage,
  commands,
  decodeFrame,
  encodeFrame,
  settingsShape,
  toErrorShape,
  IsoldeError,
} from '../../../src-shared/contract'
import type { ImageInfo, JobSnapshot } from '../../../src-shared/model'

describe('the contract', () => {
  it('has the shapes of the model', () => {
    expectTypeOf<z.output<typeof imageInfo>>().toEqualTypeOf<ImageInfo>()
    expectTypeOf<z.output<typeof jobSnapshot>>().toExtend<JobSnapshot>()
  })

  it('fills in defaults', () => {
    expect(commands['folder.rows'].input.parse({ path: '/' })).toMatchObject({ offset: 0, limit: 200, filter: '' })
    expect(settingsShape.parse({}).theme).toBe('system')
  })

  it('refuses what is out of bounds', () => {
    const { input } = commands['image.rows']
    const request = { image: 1, generation: 1, view: 'udf', directory: 0 }
    expect(input.safeParse({ ...request, limit: 1e9 }).success).toBe(false)
    expect(input.safeParse({ ...request, directory: -1 }).success).toBe(false)
    expect(clientMessage.safeParse({ type: 'command', id: 'x', name: 'y' }).success).toBe(false)
  })
})

describe('a path of this computer', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  const takes = (path: string): boolean => commands['folder.stat'].input.safeParse({ path }).success
  const UNIX = ['/', '/home/me', '/a/../b', '//a']
  const WINDOWS = ['C:\\', 'c:/x', '\\\\server\\share', '\\\\?\\C:\\x', '\\\\.\\PhysicalDrive1', '//server/share']
  const NEITHER = ['', ' ', '.', '..', 'a', 'a/b', './a', '~', '~/a', 'C:', 'C:a', '\\a', ' /a', 'file:///a']

  it.each([
    ['linux', UNIX, [...NEITHER, 'C:\\x', '\\\\server\\share']],
    ['win32', WINDOWS, [...NEITHER, '/', '/home/me']],
  ])('begins at the root of a disk, as %s has it', (platform, whole, others) => {
    vi.stubGlobal('process', Object.create(process, { platform: { value: platform } }))
    expect(whole.filter((path) => !takes(path))).toEqual([])
    expect(others.filter(takes)).toEqual([])
  })

  it('begins so as any system has it where a page is told of one', () => {
    vi.stubGlobal('process', undefined)
    expect([...UNIX, ...WINDOWS].filter((path) => !takes(path))).toEqual([])
    expect(NEITHER.filter(takes)).toEqual([])
  })

  it('is asked for by every command that takes one, and said in one sentence', () => {
    const said = '“notes” is not a whole path: it must begin at the root of a disk.'
    const image = { image: 1, generation: 1 }
    const view = { ...image, view: 'udf' }
    const spec = { paths: ['/a'], destination: '/b' }
    const asked: [keyof typeof commands, unknown][] = [
      ['job.start', { kind: 'copy', spec: { ...spec, paths: ['/a', 'notes'] } }],
      ['job.start', { kind: 'move', spec: { ...spec, destination: 'notes' } }],
      ['job.start', { kind: 'extract', spec: { ...view, entries: null, destination: 'notes' } }],
      ['job.start', { kind: 'archive', spec: { ...view, entries: null, destination: 'notes', format: 'zip' } }],
      ['job.start', { kind: 'index-folder', spec: { folder: 'notes' } }],
      ['job.preview', { ...view, entries: null, destination: 'notes' }],
      ['job.retryInto', { job: 'x', destination: 'notes' }],
      ['image.open', { location: { kind: 'path', path: 'notes' } }],
      ['folder.rows', { path: 'notes' }],
      ['folder.stat', { path: 'notes' }],
      ['folder.size', { path: 'notes' }],
      ['folder.create', { path: 'notes', name: 'x' }],
      ['folder.rename', { path: 'notes', name: 'x' }],
      ['folder.watch', { paths: ['notes'] }],
      ['trash.move', { paths: ['notes'] }],
      ['library.addFolder', { path: 'notes' }],
      ['drives.list', { image: 'notes' }],
      ['keys.add', { path: 'notes' }],
    ]
    for (const [name, input] of asked) {
      const { error } = commands[name].input.safeParse(input)
      expect([name, error?.issues.map(({ code, message }) => [code, message])]).toEqual([name, [['custom', said]]])
    }
  })

  it('is the number of a dropped file where a page has one', () => {
    const location = { kind: 'upload', path: 'drop-1' }
    expect(commands['image.open'].input.safeParse({ location }).success).toBe(true)
  })
})

describe('frames', () => {
  it('carry byte arrays as they are', () => {
    const message = { type: 'x', list: [{ bytes: new Uint8Array([1, 2, 3]) }, new Uint8Array(0)], text: 'ü' }
    expect(decodeFrame(encodeFrame(message))).toEqual(message)
  })

  it.each([
    ['cut short', new Uint8Array([1, 2])],
    ['with a length past its end', new Uint8Array([255, 255, 255, 255, 0])],
    ['that is not JSON', new Uint8Array([1, 0, 0, 0, 0x7b])],
    ['naming bytes it does not hold', encodeWith('{"$bytes":[0,10]}')],
    ['with an offset below zero', encodeWith('{"$bytes":[-1,1]}')],
    ['naming the same bytes again and again', encodeWith('[{"$bytes":[0,4]},{"$bytes":[0,4]}]', 7)],
  ])('%s are refused', (_name, frame) => {
    expect(() => decodeFrame(frame)).toThrow()
  })

  it('take no more room than they have, whatever they name', () => {
    const place = '{"$bytes":[0,1000000]},'
    const frame = encodeWith(`[${place.repeat(3000)}0]`, 1_000_000)
    const before = process.memoryUsage().arrayBuffers
    expect(() => decodeFrame(frame)).toThrow('more than once')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10e6)
  })
})

function encodeWith(json: string, blobLength = 0): Uint8Array {
  const bytes = new TextEncoder().encode(json)
  const frame = new Uint8Array(4 + bytes.byteLength + blobLength)
  new DataView(frame.buffer).setUint32(0, bytes.byteLength, true)
  frame.set(bytes, 4)
  return frame
}

describe('errors', () => {
  it('keep known codes and hide none', () => {
    expect(toErrorShape(new IsoldeError('NO_SPACE', 'full', { free: 1 }))).toEqual({
      code: 'NO_SPACE',
      message: 'full',
      details: { free: 1 },
    })
    expect(toErrorShape(Object.assign(new Error('x'), { code: 'NOT_AN_IMAGE' })).code).toBe('NOT_AN_IMAGE')
    expect(toErrorShape(Object.assign(new Error('x'), { code: 'ENOENT' })).code).toBe('INTERNAL')
    expect(toErrorShape('odd').message).toBe('odd')
  })
})
