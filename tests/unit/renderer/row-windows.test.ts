import { expect, it, vi } from 'vitest'
import { RowWindows, WINDOW } from '../../../src-renderer/data/rows/row-windows'

/** Rows that come when they are let come. */
function held() {
  const asked: { offset: number; signal: AbortSignal; answer: (rows: number[] | null) => void }[] = []
  const arrived = vi.fn()
  const windows = new RowWindows<number>(
    3,
    (offset, signal) =>
      new Promise((resolve) => {
        asked.push({ offset, signal, answer: resolve })
      }),
    arrived,
  )
  const rowsAt = (offset: number): number[] => Array.from({ length: WINDOW }, (_, index) => offset + index)
  const answer = async (index: number): Promise<void> => {
    const one = asked[index]
    one?.answer(rowsAt(one.offset))
    await Promise.resolve()
    await Promise.resolve()
  }
  return { asked, arrived, windows, answer }
}

it('asks once for each window that positions need', async () => {
  const { asked, arrived, windows, answer } = held()
  windows.ensure(WINDOW - 1, WINDOW)
  windows.ensure(WINDOW - 1, WINDOW)
  expect(asked.map(({ offset }) => offset)).toEqual([0, WINDOW])
  expect(windows.row(WINDOW)).toBeNull()
  await answer(1)
  expect(windows.row(WINDOW)).toBe(WINDOW)
  expect(windows.row(WINDOW - 1)).toBeNull()
  expect(arrived).toHaveBeenCalledTimes(1)
})

it('stops what is far away, and asks anew for it when somebody comes back', async () => {
  const { asked, windows, answer } = held()
  windows.ensure(0, 10)
  windows.ensure(WINDOW * 9, WINDOW * 9 + 10)
  expect(asked[0]?.signal.aborted).toBe(true)
  windows.ensure(0, 10)
  expect(asked.map(({ offset }) => offset)).toEqual([0, WINDOW * 9, 0])
  // The answer that was stopped counts for nothing, even if it comes.
  await answer(0)
  expect(windows.row(0)).toBeNull()
  await answer(2)
  expect(windows.row(0)).toBe(0)
})

it('keeps no more windows than it shall, the newest of them', async () => {
  const { windows, asked } = held()
  windows.begin(0, [0])
  for (const window of [1, 2, 3]) {
    const loading = windows.load(window * WINDOW)
    asked.at(-1)?.answer([window])
    await loading
  }
  expect(windows.row(0)).toBeNull()
  expect([1, 2, 3].map((window) => windows.row(window * WINDOW))).toEqual([1, 2, 3])
  expect(windows.loaded()).toEqual([1, 2, 3])
})

it('lets go of everything when it begins anew', async () => {
  const { asked, arrived, windows, answer } = held()
  windows.ensure(0, 10)
  windows.begin(WINDOW, [7])
  expect(asked[0]?.signal.aborted).toBe(true)
  await answer(0)
  expect(windows.row(0)).toBeNull()
  expect(windows.row(WINDOW)).toBe(7)
  expect(arrived).not.toHaveBeenCalled()
})

it('is left without rows that are of no use any more', async () => {
  const { asked, arrived, windows } = held()
  const loading = windows.load(0)
  asked[0]?.answer(null)
  await loading
  expect(windows.row(0)).toBeNull()
  expect(arrived).not.toHaveBeenCalled()
  void windows.load(0)
  expect(asked).toHaveLength(2)
})
