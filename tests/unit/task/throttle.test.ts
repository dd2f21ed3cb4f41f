import { describe, expect, it, vi } from 'vitest'
import { throttled } from '../../../src-main/task'

describe('throttled progress', () => {
  it('passes on the first, then nothing until it is time again, but always totals', () => {
    vi.useFakeTimers({ now: 1_000_000 })
    try {
      const passed: object[] = []
      const progress = throttled(50, (one) => passed.push(one))
      progress({ bytesDone: 1 })
      progress({ bytesDone: 2 })
      progress({ bytesTotal: 10, isCounting: false })
      progress({ bytesDone: 3 })
      progress({ bytesDone: 4 })
      vi.advanceTimersByTime(50)
      progress({ bytesDone: 5 })
      expect(passed).toEqual([
        { bytesDone: 1 },
        { bytesTotal: 10, isCounting: false },
        { bytesDone: 3 },
        { bytesDone: 5 },
      ])
    } finally {
      vi.useRealTimers()
    }
  })

  it('puts a name together only where it is told', () => {
    const name = vi.fn(() => 'a')
    const passed: object[] = []
    const progress = throttled(60_000, (one) => passed.push(one))
    progress({ entriesDone: 1, current: name })
    progress({ entriesDone: 2, current: name })
    expect(name).toHaveBeenCalledTimes(1)
    expect(passed).toEqual([{ entriesDone: 1, current: 'a' }])
  })
})
