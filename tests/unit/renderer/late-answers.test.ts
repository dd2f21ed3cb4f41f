import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { settingsShape, type OpenedImage } from '../../../src-shared/contract'

/** What was asked of the engine, and how to answer it. */
interface Asked {
  name: string
  input: Record<string, unknown>
  answer: (value: unknown) => Promise<void>
  refuse: (error: Error) => Promise<void>
}
const asked: Asked[] = []
const listeners = new Map<string, (payload: unknown) => void>()

vi.mock('../../../src-renderer/data/api', () => ({
  desktop: null,
  host: 'web',
  isCancelled: (error: unknown) => (error as Error).name === 'AbortError',
  onNewEngine: () => undefined,
  on: (name: string, listener: (payload: unknown) => void) => {
    listeners.set(name, listener)
    return () => undefined
  },
  call: (name: string, input: Record<string, unknown>) =>
    new Promise((resolve, reject) => {
      const settled = () => new Promise<void>((done) => setTimeout(done, 0))
      asked.push({
        name,
        input,
        answer: (value) => (resolve(value), settled()),
        refuse: (error) => (reject(error), settled()),
      })
    }),
}))

vi.stubGlobal('window', { matchMedia: () => ({ matches: false, addEventListener: () => undefined }) })
vi.stubGlobal('document', { documentElement: { dataset: {} } })

const { useSettings } = await import('../../../src-renderer/data/stores/settings')
const { useImages } = await import('../../../src-renderer/data/stores/images')
const { useJobs } = await import('../../../src-renderer/data/stores/jobs')
const { useDialogs } = await import('../../../src-renderer/data/stores/dialogs')

const last = (name: string): Asked => {
  const found = asked.findLast((one) => one.name === name)
  if (!found) throw new Error(`Nobody asked for ${name}.`)
  return found
}

beforeEach(() => {
  asked.length = 0
  setActivePinia(createPinia())
})

describe('jobs', () => {
  it('that were over before the window looked are not told as news; those that end afterwards are', async () => {
    const jobs = useJobs()
    const told: string[] = []
    jobs.onEnd(({ id }) => told.push(id))
    const snapshot = (id: string, state: string) => {
      listeners.get('job.snapshot')?.({ id, state, position: 0, createdAt: 0, bytesTotal: 0, bytesDone: 0 })
    }
    const loading = jobs.load()
    snapshot('old', 'done')
    await last('job.list').answer({ jobs: [{ id: 'old', state: 'done', position: 0, createdAt: 0 }] })
    await loading
    snapshot('old', 'done')
    expect(told).toEqual([])
    snapshot('quick', 'done')
    snapshot('slow', 'running')
    snapshot('slow', 'failed')
    expect(told).toEqual(['quick', 'slow'])
  })
})

describe('jobs in the queue', () => {
  it('are put in another order without what has no place there yet', async () => {
    const jobs = useJobs()
    const running = { state: 'running', createdAt: 0, bytesTotal: 0, bytesDone: 0 }
    for (const [at, id] of ['first', 'second'].entries())
      listeners.get('job.snapshot')?.({ id, position: at, ...running })
    const nothing: { end?: () => void } = {}
    const counting = jobs.whileCounting({ sourceName: 'c.iso', destination: '/there' }, () => {
      return new Promise<void>((resolve) => (nothing.end = resolve))
    })
    await vi.waitFor(() => {
      expect(jobs.active).toHaveLength(3)
    })
    expect(jobs.ordered.map(({ id }) => id)).toEqual(['first', 'second'])
    const own = jobs.active.find(({ id }) => !['first', 'second'].includes(id))
    await jobs.shift(own?.id ?? '', -1)
    await jobs.shift('second', 1)
    expect(asked).toEqual([])
    void jobs.shift('first', 1)
    expect(last('job.move').input).toEqual({ job: 'first', before: null })
    nothing.end?.()
    await counting
  })
})

describe('settings', () => {
  it('keep what was chosen last, whatever the engine says of earlier choices', async () => {
    const settings = useSettings()
    void settings.change({ density: 'compact' })
    const first = last('settings.set')
    void settings.change({ theme: 'dark' })
    const second = last('settings.set')
    const afterFirst = settingsShape.parse({ density: 'compact' })
    listeners.get('settings.changed')?.(afterFirst)
    await first.answer(afterFirst)
    expect(settings.current).toMatchObject({ density: 'compact', theme: 'dark' })
    await second.answer(settingsShape.parse({ density: 'compact', theme: 'dark' }))
    expect(settings.current).toMatchObject({ density: 'compact', theme: 'dark' })
  })

  it('do not bring back how the window was before it was changed meanwhile', async () => {
    const settings = useSettings()
    void settings.change({ density: 'relaxed' })
    settings.remember('layout', { split: 0.3 })
    await last('settings.set').answer(settingsShape.parse({ density: 'relaxed', window: { layout: { split: 0.5 } } }))
    expect(settings.current.window).toEqual({ layout: { split: 0.3 } })
  })

  it('are what they were where the engine refuses', async () => {
    const settings = useSettings()
    const failing = expect(settings.change({ theme: 'dark' })).rejects.toThrow('full')
    expect(settings.current.theme).toBe('dark')
    await last('settings.set').refuse(new Error('The disk is full.'))
    await last('settings.get').answer(settingsShape.parse({}))
    await failing
    expect(settings.current.theme).toBe('system')
  })
})

describe('an image that is opened', () => {
  const location = { kind: 'path' as const, path: '/discs/a.iso', inside: [] }
  const opened = (generation: number): OpenedImage =>
    ({ image: 1, generation, location, info: { completeness: { status: 'complete' } } }) as unknown as OpenedImage

  it('is the one in the encoding that was chosen while it was read in another', async () => {
    const images = useImages()
    const first = images.open(location)
    const before = last('image.open')
    const choosing = images.setCharset(location, 'cp437')
    const after = last('image.open')
    expect(after.input).toMatchObject({ charset: 'cp437' })
    await after.answer(opened(2))
    await before.answer(opened(1))
    await choosing
    expect((await first).generation).toBe(2)
    expect(images.get(location)?.generation).toBe(2)
  })
})

describe('a question that comes late', () => {
  const request = { title: 'Anyway?', text: '', confirm: 'Yes' }

  it('waits until the dialog in which somebody is writing is closed', async () => {
    const dialogs = useDialogs()
    dialogs.show({ kind: 'palette' })
    const asking = dialogs.confirm(request)
    await nextTick()
    expect(dialogs.current?.kind).toBe('palette')
    dialogs.close()
    await vi.waitFor(() => expect(dialogs.current?.kind).toBe('confirm'))
    dialogs.answer(true)
    expect(await asking).toBe(true)
  })

  it('takes the place of the dialog whose work it is about', async () => {
    const dialogs = useDialogs()
    dialogs.show({ kind: 'about' })
    dialogs.working = dialogs.current
    void dialogs.confirm(request)
    await nextTick()
    expect(dialogs.current?.kind).toBe('confirm')
  })
})
