import { describe, expect, it } from 'vitest'
import { NestedIndexer, type NestedIndexerOptions } from '../../../src-main/engine/library'
import { locationKey } from '../../../src-main/catalog'
import type { Carried } from '../../../src-main/identify/carried'
import { temporaryFolder } from '../support'
import fs from 'node:fs'
import path from 'node:path'

const carried = (name: string, changes: Partial<Carried> = {}): Carried => ({
  path: name,
  byteLength: 1e6,
  kind: 'image',
  names: [],
  format: 'ISO 9660',
  ...changes,
})

/** One whose outer image carries these, and what was asked of its surroundings. */
function indexer(images: Carried[], changes: Partial<NestedIndexerOptions> = {}, depth = 0) {
  const file = path.join(temporaryFolder(), 'outer.iso')
  fs.writeFileSync(file, 'x')
  const asked: [string, unknown][] = []
  const peer = {
    call: (name: string, request: unknown) => {
      asked.push([name, request])
      return Promise.resolve(name === 'insideDepth' ? depth : undefined)
    },
  }
  const read: string[] = []
  const limits: number[][] = []
  const nested = new NestedIndexer({
    library: () => peer as never,
    rule: () => 'small',
    carriedInOpen: () => Promise.resolve({ view: 'rock-ridge', images }),
    index: (location, _signal, { entryLimit, unpackByteLimit }) => {
      read.push(location.inside.map((step) => step.path).join('//'))
      limits.push([entryLimit, unpackByteLimit])
      return Promise.resolve({ image: 7, view: 'udf', carried: [], isTooLarge: false })
    },
    start: () => Promise.resolve(),
    ended: () => new Promise(() => undefined),
    isBusy: () => false,
    ...changes,
  })
  const place = { path: file, inside: [] }
  const walk = async (isEverything = false): Promise<void> => {
    while ((await nested.next('job', place, isEverything)) !== null) await nested.index('job')
  }
  const key = (...names: string[]): string => {
    return locationKey(
      'path',
      file,
      names.map((name, index) => ({ view: index === 0 ? 'rock-ridge' : 'udf', path: name })),
    )
  }
  return { nested, walk, asked, read, limits, place, key }
}

const LARGE = [
  carried('large.iso', { byteLength: 5 * 2 ** 30 }),
  carried('initrd', { kind: 'ram-disk', format: 'initrd', byteLength: 200 * 2 ** 20 }),
  carried('packed.iso.gz', { format: 'gzip', byteLength: 200 * 2 ** 20 }),
  carried('fits.iso', { byteLength: 200 * 2 ** 20 }),
]

describe('images inside of images', () => {
  it('are read where they are small, those sooner left alone that have to be unpacked first', async () => {
    const { walk, read, limits } = indexer(LARGE)
    await walk()
    expect(read).toEqual(['fits.iso'])
    expect(limits).toEqual([[200_000, 2 ** 30]])
  })

  it.each([
    ['always', false],
    ['small', true],
  ] as const)('are read however large with the setting “%s” and asked for: %s', async (rule, isAsked) => {
    const { walk, read, limits } = indexer(LARGE, { rule: () => rule })
    await walk(isAsked)
    expect(read).toEqual(['large.iso', 'initrd', 'packed.iso.gz', 'fits.iso'])
    expect(limits).toEqual(Array.from({ length: 4 }, () => [Infinity, 0]))
  })

  it('are left alone by the setting “never”, and nothing is forgotten', async () => {
    const { walk, read, asked } = indexer(LARGE, { rule: () => 'never' })
    await walk()
    expect(read).toEqual([])
    expect(asked).toEqual([])
  })

  it('of which too much is listed are known, but nothing of them is kept', async () => {
    const isTooLarge = { image: 7, view: 'udf', carried: [], isTooLarge: true }
    const { walk, asked } = indexer([carried('many.iso')], { index: () => Promise.resolve(isTooLarge) })
    await walk()
    expect(asked).toContainEqual(['dropEntries', { image: 7 }])
  })

  it('that are there are kept, also those that are too large to be read, and the walk is noted at its end', async () => {
    const { walk, asked, key } = indexer(LARGE)
    await walk()
    const there = LARGE.map((each) => key(each.path))
    expect(asked).toEqual([
      ['forgetInside', { location: key(), there, left: there.slice(0, 3) }],
      ['noteInsideDepth', { location: key(), depth: 1 }],
    ])
  })

  it('of a file that is away, or changes meanwhile, are neither forgotten nor done', async () => {
    const changed = indexer([carried('a.iso')])
    await changed.nested.next('job', changed.place, false)
    await changed.nested.index('job')
    fs.writeFileSync(changed.place.path, 'longer')
    expect(await changed.nested.next('job', changed.place, false)).toBeNull()
    expect(changed.asked).toEqual([])
    fs.rmSync(changed.place.path)
    await expect(changed.nested.next('other', changed.place, true)).rejects.toMatchObject({ code: 'SOURCE_GONE' })
    expect(changed.asked).toEqual([])
  })

  it('that contain themselves come to an end', async () => {
    const itself = [carried('self.iso'), carried('again.iso')]
    const { walk, read, asked, key } = indexer(itself, {
      index: (location) => {
        read.push(location.inside.map((step) => step.path).join('//'))
        return Promise.resolve({ image: 7, view: 'udf', carried: itself, isTooLarge: false })
      },
    })
    await walk()
    expect(read).toHaveLength(200)
    expect(asked.at(-1)).toEqual(['noteInsideDepth', { location: key(), depth: 1 }])
  })

  it('that cannot be read hold up no other', async () => {
    const { nested, place } = indexer([carried('bad.iso'), carried('good.iso')], {
      index: (location) =>
        location.inside[0]?.path === 'bad.iso'
          ? Promise.reject(new Error('It is no image.'))
          : Promise.resolve({ image: 8, view: 'udf', carried: [], isTooLarge: false }),
    })
    await nested.next('job', place, false)
    expect(await nested.index('job')).toMatchObject({ message: 'It is no image.' })
    expect(await nested.next('job', place, false)).toEqual({ path: 'good.iso', waiting: 1 })
    expect(await nested.index('job')).toBeNull()
    expect(await nested.next('job', place, false)).toBeNull()
  })

  it('start a job only where that was not done to its end before', async () => {
    const started: unknown[] = []
    const start = (image: unknown): Promise<void> => Promise.resolve(void started.push(image))
    const image = { image: 3, generation: 1 }
    const done = indexer([carried('known.iso')], { start }, 1)
    await done.nested.offer(image, { kind: 'path', ...done.place })
    const none = indexer([carried('large.iso', { byteLength: 5 * 2 ** 30 })], { start })
    await none.nested.offer(image, { kind: 'path', ...none.place })
    expect(none.asked.at(-1)).toEqual(['noteInsideDepth', { location: none.key(), depth: 1 }])
    expect(started).toEqual([])
    const more = indexer([carried('new.iso')], { start, rule: () => 'always' }, 1)
    await more.nested.offer(image, { kind: 'path', ...more.place })
    expect(started).toEqual([image])
    started.length = 0
    const some = indexer([carried('new.iso')], { start })
    await some.nested.offer(image, { kind: 'path', ...some.place })
    expect(started).toEqual([image])
  })
})
