import fs from 'node:fs'
import type { ImageLocation } from '../../../src-shared/contract'
import { toErrorShape } from '../../../src-shared/contract/errors'
import type { Said } from '../../../src-shared/model'
import { locationKey } from '../../catalog'
import type { Carried } from '../../identify/carried'
import { isStream } from '../../image'
import type { Peer } from '../rpc'
import type { BackgroundIndex } from './background-index'
import type { LibraryMethods } from './library-service'

/** What of it is looked into: nothing, what is small enough, everything. */
export type InsideRule = 'never' | 'small' | 'always'

/** “Small”: neither more bytes, as the outer image holds it, nor more entries. */
const SMALL = { byteLength: 4 * 2 ** 30, entryCount: 200_000 }
/** What is packed as a whole has to be unpacked first, to the temporary folder. */
const SMALL_STREAM = 128 * 2 ** 20

/** Without a number of its own: a nested image is where its outer one is. */
type Place = Pick<ImageLocation, 'path' | 'inside'>

/** What is found in an image, with the view of it that it lies in. */
export interface CarriedImages {
  view: string
  images: Carried[]
}

export interface NestedIndexerOptions {
  library: () => Peer<LibraryMethods>
  rule: () => InsideRule
  /** What lies in an image that is open, or null where none is. */
  carriedInOpen: (place: Place) => Promise<CarriedImages | null>
  /** Indexes one image that nobody looks at. */
  index: (location: ImageLocation, signal: AbortSignal, entryLimit: number) => Promise<BackgroundIndex>
  /** Starts a job for what an image carries, as one that nobody has asked for. */
  start: (image: { image: number; generation: number }) => Promise<void>
  /** Resolves when a job is over, however. */
  ended: (job: string) => Promise<unknown>
  isBusy: () => boolean
}

interface Waiting extends Place {
  found: Carried
}

/** What one job has come to. */
interface Walk {
  waiting: Waiting[]
  /** Keys of those that are there, and of those that are left as they are with all that lies in them. */
  there: string[]
  entryLimit: number
  isEverything: boolean
  stopping: AbortController
}

/**
 * Has the catalog know what lies in the images that images carry: each becomes an image of its own there, under its way in,
 * so that a search finds its files. One at a time, what is nearest to the outermost image first.
 */
export class NestedIndexer {
  private readonly walks = new Map<string, Walk>()
  /** What was found in the image that was read last: opening it once more may take as long as reading it. */
  private justRead: { key: string; carried: CarriedImages } | null = null

  constructor(private readonly options: NestedIndexerOptions) {}

  /** An image was opened and is in the catalog: a job looks into what it carries, if there is anything that is new. */
  async offer(image: { image: number; generation: number }, location: ImageLocation): Promise<void> {
    if (location.kind !== 'path' || this.options.rule() === 'never') return
    const carried = await this.options.carriedInOpen(location)
    if (carried === null) return
    const { wanted } = await this.sort(location, carried, this.options.rule() === 'always')
    if (wanted.length > 0) await this.options.start(image)
  }

  /** An image was read that nobody has open. */
  note(place: Place, { view, carried }: BackgroundIndex): void {
    this.justRead = { key: keyOf(place), carried: { view, images: carried } }
  }

  /**
   * The next image within another one that has to be read, and how many there are with it; null where none is left.
   * @param job whose walk it is; its end ends what it waits for
   * @param isEverything also what is large, or known already
   */
  async next(job: string, place: Place, isEverything: boolean): Promise<{ path: string; waiting: number } | null> {
    if (!isEverything && this.options.rule() === 'never') return null
    const walk = this.walks.get(job) ?? (await this.begin(job, place, isEverything))
    const [next] = walk.waiting
    if (next) return { path: wayIn(next), waiting: walk.waiting.length }
    this.walks.delete(job)
    const { path, inside } = place
    await this.options
      .library()
      .call('forgetInside', { location: locationKey('path', path, inside), there: walk.there })
    return null
  }

  /** Reads the image that is next; answers why it is not in the catalog, or null. */
  async index(job: string): Promise<Said | null> {
    const walk = this.walks.get(job)
    const next = walk?.waiting.shift()
    if (!walk || !next) return null
    while (this.options.isBusy() && !walk.stopping.signal.aborted)
      await new Promise((resolve) => setTimeout(resolve, 100))
    try {
      const { view, carried, image, isTooLarge } = await this.options.index(
        { kind: 'path', path: next.path, inside: [...next.inside] },
        walk.stopping.signal,
        walk.entryLimit,
      )
      // That it is known stays: it is not tried again each time.
      if (isTooLarge) await this.options.library().call('dropEntries', { image })
      await this.add(walk, next, { view, images: carried })
      return null
    } catch (error) {
      return toErrorShape(error)
    }
  }

  close(): void {
    for (const { stopping } of this.walks.values()) stopping.abort()
    this.walks.clear()
  }

  private async begin(job: string, place: Place, isEverything: boolean): Promise<Walk> {
    const isAll = isEverything || this.options.rule() === 'always'
    const walk: Walk = {
      waiting: [],
      there: [],
      entryLimit: isAll ? Infinity : SMALL.entryCount,
      isEverything,
      stopping: new AbortController(),
    }
    this.walks.set(job, walk)
    const end = (): void => {
      walk.stopping.abort()
      this.walks.delete(job)
    }
    this.options.ended(job).then(end, end)
    const open = await this.options.carriedInOpen(place)
    await this.add(walk, place, open ?? (await this.carriedIn(place, walk)))
    return walk
  }

  /** What lies in an image that nobody has open; its own entries are brought up to date by the way. */
  private async carriedIn({ path, inside }: Place, walk: Walk): Promise<CarriedImages> {
    const known = this.justRead
    this.justRead = null
    if (known?.key === keyOf({ path, inside })) return known.carried
    const location = { kind: 'path' as const, path, inside: [...inside] }
    const { view, carried } = await this.options.index(location, walk.stopping.signal, Infinity)
    return { view, images: carried }
  }

  private async add(walk: Walk, place: Place, carried: CarriedImages): Promise<void> {
    const isAll = walk.entryLimit === Infinity
    const { wanted, known } = await this.sort(place, carried, isAll)
    walk.there.push(...known.map(keyOf))
    walk.there.push(...wanted.map(keyOf))
    walk.waiting.push(...wanted)
    // Asked for: what is known is gone through once more, and what lies in it with it.
    if (walk.isEverything) walk.waiting.push(...known)
  }

  /** What has to be read of what an image carries, and what is known as it is. */
  private async sort(
    { path, inside }: Place,
    { view, images }: CarriedImages,
    isAll: boolean,
  ): Promise<{ wanted: Waiting[]; known: Waiting[] }> {
    const fitting = images
      .filter((found) => isAll || found.byteLength <= (isStream(found.format) ? SMALL_STREAM : SMALL.byteLength))
      .map((found) => ({ path, inside: [...inside, { view, path: found.path }], found }))
    const stat = await fs.promises.stat(path).catch(() => null)
    if (fitting.length === 0 || stat === null) return { wanted: [], known: [] }
    const isKnown = await this.options.library().call('areKnown', {
      locations: fitting.map(keyOf),
      facts: { byteLength: stat.size, modified: stat.mtimeMs },
    })
    return {
      wanted: fitting.filter((_, index) => isKnown[index] !== true),
      known: fitting.filter((_, index) => isKnown[index] === true),
    }
  }
}

function keyOf({ path, inside }: Place): string {
  return locationKey('path', path, inside)
}

/** For people: the way through the images. */
function wayIn({ inside }: Place): string {
  return inside.map((step) => step.path).join(' › ')
}
