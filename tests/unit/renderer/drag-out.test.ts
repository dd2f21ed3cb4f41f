import { expect, test, vi } from 'vitest'
import { DragOut, type DragServices } from '../../../src-renderer/features/panes/drag-out'

const selection = (...entries: number[]) => ({ image: 1, generation: 1, view: 'udf', entries })

function create() {
  const waiting: PromiseWithResolvers<{ paths: string[]; isTooLarge: boolean }>[] = []
  const stage = vi.fn<DragServices['stage']>(() => {
    const promise = Promise.withResolvers<{ paths: string[]; isTooLarge: boolean }>()
    waiting.push(promise)
    return promise.promise
  })
  const start = vi.fn<DragServices['start']>()
  return { drag: new DragOut({ stage, start }), stage, start, waiting }
}

test('begins the system’s drag once the copies are there, as often as it is asked', async () => {
  const { drag, stage, start, waiting } = create()
  const prepared = drag.prepare(selection(3))
  expect(drag.begin(selection(3))).toBe(false)
  expect(drag.state).toEqual({ kind: 'staging' })
  waiting[0]?.resolve({ paths: ['/tmp/a'], isTooLarge: false })
  await prepared
  expect(drag.begin(selection(3))).toBe(true)
  expect(drag.begin(selection(3))).toBe(true)
  expect(start.mock.calls).toEqual([[['/tmp/a']], [['/tmp/a']]])
  // The same selection is written once only.
  expect(stage).toHaveBeenCalledTimes(1)
  expect(drag.owns(['/tmp/a'])).toBe(true)
  expect(drag.owns(['/tmp/a', '/home/b'])).toBe(false)
  expect(drag.owns([])).toBe(false)
})

test('never drags what was selected before', async () => {
  const { drag, start, waiting } = create()
  const first = drag.prepare(selection(3))
  const second = drag.prepare(selection(4))
  waiting[1]?.resolve({ paths: ['/tmp/b'], isTooLarge: false })
  waiting[0]?.resolve({ paths: ['/tmp/a'], isTooLarge: false })
  await Promise.all([first, second])
  expect(drag.begin(selection(4))).toBe(true)
  expect(start).toHaveBeenCalledWith(['/tmp/b'])
  expect(drag.begin(selection(3))).toBe(false)
  expect(start).toHaveBeenCalledTimes(1)
})

test('says what is too large, and why copies failed, and tries the latter again', async () => {
  const { drag, stage, start, waiting } = create()
  const first = drag.prepare(selection(3))
  waiting[0]?.resolve({ paths: [], isTooLarge: true })
  await first
  expect(drag.begin(selection(3))).toBe(false)
  expect(drag.state).toEqual({ kind: 'tooLarge' })
  const second = drag.prepare(selection(4))
  waiting[1]?.reject(new Error('The disk is full.'))
  await second
  expect(drag.state).toMatchObject({ kind: 'failed', error: { message: 'The disk is full.' } })
  void drag.prepare(selection(4))
  expect(stage).toHaveBeenCalledTimes(3)
  void drag.prepare(selection())
  expect(stage).toHaveBeenCalledTimes(3)
  expect(start).not.toHaveBeenCalled()
})
