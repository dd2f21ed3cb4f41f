import fs from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { ImageLocation } from '../../../src-shared/contract'
import { IsoldeError, toErrorShape } from '../../../src-shared/contract/errors'
import { because, type Said } from '../../../src-shared/model'
import { locationKey, type FileFacts } from '../../catalog'
import type { Carried } from '../../identify/carried'
import { isStream } from '../../image'
import type { Peer } from '../rpc'
import type { BackgroundIndex, IndexLimits } from './background-index'
import type { LibraryMethods } from './library-service'

/** What of it is looked into: nothing, what is small enough, everything. */
export type InsideRule = 'never' | 'small' | 'always'

/** How far a walk goes; see NestedImages.depthOf. */
interface Reach {
  depth: number
  /** As the outer image holds it, in bytes. */
  byteLength: number
  /** The same of what is packed as a whole, which has to be unpacked first, and how much that may come to. */
  packedLength: number
  unpackedLength: number
  entryCount: number
  /** Images of one walk: one that contains itself has no end. */
  imageCount: number
}

const SMALL: Reach = {
  depth: 1,
  byteLength: 4 * 2 ** 30,
  packedLength: 128 * 2 ** 20,
  unpackedLength: 2 ** 30,
  entryCount: 200_000,
  imageCount: 200,
}
const EVERYTHING: Reach = {
  depth: 2,
  byteLength: Infinity,
  packedLength: Infinity,
  unpackedLength: 0,
  entryCount: Infinity,
  imageCount: 10_000,
}

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
  index: (location: ImageLocation, signal: AbortSignal, limits: IndexLimits) => Promise<BackgroundIndex>
  /** Starts a job for what an image carries, as one that nobody has asked for. */
  start: (image: { image: number; generation: number }) => Promise<void>
  /** Resolves when a job is over, however. */
  ended: (job: string) => Promise<unknown>
  isBusy: () => boolean
}

/** What one job has come to. */
interface Walk {
  waiting: Place[]
  /** Keys of all that was found, and of what was not looked into. */
  there: string[]
  left: string[]
  reach: Reach
  imagesLeft: number
  /** Of the outermost file, when it began. */
  facts: FileFacts
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

  /** An image was opened and is in the catalog: a job looks into what it carries, if that was not done to its end before. */
  async offer(image: { image: number; generation: number }, location: ImageLocation): Promise<void> {
    if (location.kind !== 'path' || this.options.rule() === 'never') return
    const reach = this.reach(false)
    const facts = await factsOf(location.path)
    if (facts === null) return
    const key = keyOf(location)
    if ((await this.options.library().call('insideDepth', { location: key, facts })) >= reach.depth) return
    const carried = await this.options.carriedInOpen(location)
    if (carried === null) return
    if (carried.images.some((found) => fits(found, reach))) await this.options.start(image)
    else await this.options.library().call('noteInsideDepth', { location: key, depth: reach.depth })
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
    if (next && walk.imagesLeft > 0) return { path: wayIn(next), waiting: walk.waiting.length }
    this.walks.delete(job)
    const location = keyOf(place)
    // Of a file that has changed, or is away, nobody can say what is not in it any more.
    if (!isDeepStrictEqual(await factsOf(place.path), walk.facts)) return null
    await this.options.library().call('forgetInside', {
      location,
      there: walk.there,
      left: [...walk.left, ...walk.waiting.map(keyOf)],
    })
    await this.options.library().call('noteInsideDepth', { location, depth: walk.reach.depth })
    return null
  }

  /** Reads the image that is next; answers why it is not in the catalog, or null. */
  async index(job: string): Promise<Said | null> {
    const walk = this.walks.get(job)
    const next = walk?.waiting.shift()
    if (!walk || !next) return null
    walk.imagesLeft--
    while (this.options.isBusy() && !walk.stopping.signal.aborted)
      await new Promise((resolve) => setTimeout(resolve, 100))
    try {
      const { view, carried, image, isTooLarge } = await this.options.index(
        { kind: 'path', path: next.path, inside: [...next.inside] },
        walk.stopping.signal,
        { entryLimit: walk.reach.entryCount, unpackByteLimit: walk.reach.unpackedLength },
      )
      if (isTooLarge) await this.options.library().call('dropEntries', { image })
      add(walk, next, { view, images: carried })
      return null
    } catch (error) {
      walk.left.push(keyOf(next))
      return toErrorShape(error)
    }
  }

  close(): void {
    for (const { stopping } of this.walks.values()) stopping.abort()
    this.walks.clear()
  }

  /** @throws {IsoldeError} `SOURCE_GONE` where the file is away */
  private async begin(job: string, place: Place, isEverything: boolean): Promise<Walk> {
    const facts = await factsOf(place.path)
    if (facts === null)
      throw new IsoldeError(
        'SOURCE_GONE',
        `${place.path} is offline; what is known of it stays. Connect its disk to read what it holds.`,
        because('imageOffline', { name: place.path }),
      )
    const reach = this.reach(isEverything)
    const walk: Walk = {
      waiting: [],
      there: [],
      left: [],
      reach,
      imagesLeft: reach.imageCount,
      facts,
      stopping: new AbortController(),
    }
    this.walks.set(job, walk)
    const end = (): void => {
      walk.stopping.abort()
      this.walks.delete(job)
    }
    this.options.ended(job).then(end, end)
    const open = await this.options.carriedInOpen(place)
    add(walk, place, open ?? (await this.carriedIn(place, walk)))
    return walk
  }

  private reach(isEverything: boolean): Reach {
    return isEverything || this.options.rule() === 'always' ? EVERYTHING : SMALL
  }

  /** What lies in an image that nobody has open; its own entries are brought up to date by the way. */
  private async carriedIn({ path, inside }: Place, walk: Walk): Promise<CarriedImages> {
    const known = this.justRead
    this.justRead = null
    if (known?.key === keyOf({ path, inside })) return known.carried
    const location = { kind: 'path' as const, path, inside: [...inside] }
    const { view, carried } = await this.options.index(location, walk.stopping.signal, {
      entryLimit: Infinity,
      unpackByteLimit: 0,
    })
    return { view, images: carried }
  }
}

function add(walk: Walk, { path, inside }: Place, { view, images }: CarriedImages): void {
  for (const found of images) {
    const place = { path, inside: [...inside, { view, path: found.path }] }
    walk.there.push(keyOf(place))
    if (fits(found, walk.reach)) walk.waiting.push(place)
    else walk.left.push(keyOf(place))
  }
}

function fits({ byteLength, format }: Carried, reach: Reach): boolean {
  return byteLength <= (isStream(format) ? reach.packedLength : reach.byteLength)
}

/** Null where the file is away. */
async function factsOf(file: string): Promise<FileFacts | null> {
  const stat = await fs.promises.stat(file).catch(() => null)
  return stat && { byteLength: stat.size, modified: stat.mtimeMs }
}

function keyOf({ path, inside }: Place): string {
  return locationKey('path', path, inside)
}

/** For people: the way through the images. */
function wayIn({ inside }: Place): string {
  return inside.map((step) => step.path).join(' › ')
}
