import { describe, expect, it } from 'vitest'
import { PromiseCache } from '../../../src-main/image/core/promise-cache'

describe('PromiseCache', () => {
  it('loads once, also for those who ask meanwhile, and lets go of what was asked for longest ago', async () => {
    const loaded: string[] = []
    const cache = new PromiseCache<string, string>(2)
    const get = async (key: string): Promise<string> =>
      cache.get(key, () => {
        loaded.push(key)
        return Promise.resolve(key.toUpperCase())
      })
    expect(await Promise.all([get('a'), get('a'), get('b')])).toEqual(['A', 'A', 'B'])
    await get('a')
    await get('c')
    await get('a')
    await get('b')
    expect(loaded).toEqual(['a', 'b', 'c', 'b'])
  })

  it('holds nothing that it let go of, however often that was asked for', async () => {
    const loaded: string[] = []
    const cache = new PromiseCache<string, string>(1)
    const get = async (key: string): Promise<string> =>
      cache.get(key, () => {
        loaded.push(key)
        return Promise.resolve(key)
      })
    for (const key of ['a', 'a', 'a', 'b', 'a']) await get(key)
    expect(loaded).toEqual(['a', 'b', 'a'])
  })

  it('tries again what failed', async () => {
    let tries = 0
    const cache = new PromiseCache<number, number>(2)
    const load = (): Promise<number> => (++tries === 1 ? Promise.reject(new Error('not now')) : Promise.resolve(7))
    await expect(cache.get(1, load)).rejects.toThrow('not now')
    expect(await cache.get(1, load)).toBe(7)
  })
})
