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
function indexer(images: Carried[], changes: Partial<NestedIndexerOptions> = {}, known: string[] = []) {
  const file = path.join(temporaryFolder(), 'outer.iso')
  fs.writeFileSync(file, 'x')
  const asked: [string, unknown][] = []
  const peer = {
    call: (name: string, request: { locations?: string[] }) => {
      asked.push([name, request])
      return Promise.resolve(
        name === 'areKnown' ? request.locations?.map((one) => known.some((part) => one.includes(part))) : undefined,
      )
    },
  }
  const read: string[] = []
  const limits: number[] = []
  const nested = new NestedIndexer({
    library: () => peer as never,
    rule: () => 'small',
    carriedInOpen: () => Promise.resolve({ view: 'rock-ridge', images }),
    index: (location, _signal, entryLimit) => {
      read.push(location.inside.map((step) => step.path).join('//'))
      limits.push(entryLimit)
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
  return { nested, walk, asked, read, limits, place }
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
    expect(limits).toEqual([200_000])
  })

  it.each([
    ['always', false],
    ['small', true],
  ] as const)('are read however large with the setting “%s” and asked for: %s', async (rule, isAsked) => {
    const { walk, read, limits } = indexer(LARGE, { rule: () => rule })
    await walk(isAsked)
    expect(read).toEqual(['large.iso', 'initrd', 'packed.iso.gz', 'fits.iso'])
    expect(new Set(limits)).toEqual(new Set([Infinity]))
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

  it('that are known stay as they are, with what lies in them', async () => {
    const { walk, read, asked, place } = indexer([carried('known.iso'), carried('new.iso')], {}, ['known.iso'])
    await walk()
    expect(read).toEqual(['new.iso'])
    const key = (name: string) => locationKey('path', place.path, [{ view: 'rock-ridge', path: name }])
    expect(asked.at(-1)).toEqual([
      'forgetInside',
      { location: locationKey('path', place.path, []), there: [key('known.iso'), key('new.iso')] },
    ])
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

  it('start a job only where there is something new', async () => {
    const started: unknown[] = []
    const start = (image: unknown): Promise<void> => Promise.resolve(void started.push(image))
    const image = { image: 3, generation: 1 }
    const none = indexer([carried('known.iso')], { start }, ['known.iso'])
    await none.nested.offer(image, { kind: 'path', ...none.place })
    expect(started).toEqual([])
    const some = indexer([carried('new.iso')], { start })
    await some.nested.offer(image, { kind: 'path', ...some.place })
    expect(started).toEqual([image])
  })
})
