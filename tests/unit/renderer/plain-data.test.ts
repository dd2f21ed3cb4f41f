import { beforeEach, describe, expect, it, vi } from 'vitest'
import { reactive, readonly, ref, shallowReactive } from 'vue'
import { plainData } from '../../../src-renderer/base/plain-data'
import { crossBridge } from '../../e2e/fake/context-bridge'

const state = reactive({
  location: { kind: 'path' as const, path: '/a.iso', inside: [{ path: 'b.iso' }] },
  entries: [1, 2],
})
class Entry {
  name = 'a'
}

describe('the bridge of the tests', () => {
  it.each([
    ['a proxy', state],
    ['a proxy inside', { input: { location: state.location } }],
    ['a proxy in an array', [[state.entries]]],
    ['a function inside', { done: () => undefined }],
    ['a symbol', { name: Symbol('a') }],
    ['an instance of a class', { entry: new Entry() }],
  ])('refuses %s, as the real one does', (_what, value) => {
    expect(() => crossBridge(value)).toThrow('An object could not be cloned.')
  })

  it('lets plain data and bytes through, as copies', () => {
    const message = { name: 'a', list: [1, null, { b: undefined }], bytes: new Uint8Array([1, 2]) }
    expect(crossBridge(message)).toEqual(message)
    expect(crossBridge(message)).not.toBe(message)
  })
})

describe('what leaves the window', () => {
  it.each([
    ['reactive', state],
    ['read-only', readonly(state)],
    ['half reactive', { a: [state.location], b: shallowReactive({ c: state.entries }) }],
    ['out of a ref', ref({ deep: [{ er: 1 }] }).value],
  ])('is plain where the state was %s', (_what, value) => {
    expect(crossBridge(plainData(value))).toEqual(JSON.parse(JSON.stringify(value)))
  })

  it('keeps bytes as they are, without copying them', () => {
    const bytes = new Uint8Array(1000)
    expect(plainData({ bytes }).bytes).toBe(bytes)
  })

  it.each([
    ['a function', { then: () => undefined }, 'message.then'],
    ['an instance of a class', [{ entry: new Entry() }], 'message[0].entry'],
    ['a map', { map: new Map() }, 'message.map'],
  ])('is never %s: the mistake is named by its place', (_what, value, place) => {
    expect(() => plainData(value)).toThrow(place)
  })
})

describe('the line to the engine', () => {
  const posted: unknown[] = []
  const dragged: string[][] = []

  beforeEach(() => {
    vi.resetModules()
    posted.length = 0
    vi.stubGlobal('window', {
      isolde: {
        host: 'desktop',
        post: (message: unknown) => posted.push(crossBridge(message)),
        listen: () => undefined,
        desktop: { startDrag: (paths: string[]) => dragged.push(crossBridge(paths)) },
      },
    })
  })

  it('carries reactive state over a bridge that refuses proxies', async () => {
    const { call, desktop } = await import('../../../src-renderer/data/api')
    void call('image.open', { location: state.location })
    desktop?.startDrag(reactive(['/tmp/a']))
    expect(posted).toEqual([
      {
        type: 'command',
        id: 1,
        name: 'image.open',
        input: { location: { ...state.location, inside: [{ path: 'b.iso' }] } },
      },
    ])
    expect(dragged).toEqual([['/tmp/a']])
  })
})
