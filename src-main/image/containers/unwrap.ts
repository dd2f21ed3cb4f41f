import type { ByteSource } from '../core/byte-source'
import type { ContainerSum } from '../core/container-sum'
import { DiagnosticLog } from '../core/diagnostic-log'
import { NotAnImageError, type OpenImageOptions } from '../core/disc-image'
import { byLikelihood, Likelihood } from '../core/likelihood'
import { lookAt, RAW, type BaseDisk, type Container, type ContainerContext, type OpenedContainer } from './container'
import type { DiscLayout } from './disc/disc-layout'
import { BASE_LIMIT } from './disk/base-disk'
import { CONTAINERS } from './registry'

/** Containers in containers: a compressed image of raw sectors is two deep. */
const DEPTH_LIMIT = 5

export interface Unwrapped {
  /** The disc as blocks of user data. */
  blocks: ByteSource
  /** Outermost first. */
  containers: string[]
  /** That they carry and `open` has not looked at. */
  containerSums: ContainerSum[]
  /** What a table of contents says; null where there is none. */
  layout: DiscLayout | null
  /** Of an image in parts: the part behind the last one that is there. Null for any other image. */
  nextPart: string | null
  /** The blocks are those of a machine's disk: nothing is undone that they begin like. */
  isInDisk: boolean
}

/** What containers ask of what is inside them, which only those know who know file systems. */
export interface Looks extends Pick<ContainerContext, 'isVolumeAt'> {
  /** @param name of the stream */
  assertBeginsLikeImage: (bytes: Uint8Array, name: string, room: string) => Promise<void>
}

/**
 * Undoes whatever lies around the blocks of a disc, until no container answers.
 * @param looks see {@link ContainerContext}
 */
export async function unwrap(
  source: ByteSource,
  options: OpenImageOptions,
  log: DiagnosticLog,
  looks: Looks,
): Promise<Unwrapped> {
  const unwrapped: Unwrapped = {
    blocks: source,
    containers: [],
    containerSums: [],
    layout: null,
    nextPart: null,
    isInDisk: false,
  }
  let { name } = options
  let leastLikelihood: Likelihood = Likelihood.maybe
  try {
    for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
      const outer = name
      const context: ContainerContext = {
        name,
        options,
        log,
        assertBeginsLikeImage: (bytes, room) => looks.assertBeginsLikeImage(bytes, outer, room),
        isVolumeAt: looks.isVolumeAt,
        openBase: (base, format) => openBase([outer], base, format, options, log),
      }
      const found = await openContainer(unwrapped.blocks, context, leastLikelihood)
      if (found === null) break
      const { container, opened } = found
      unwrapped.blocks = opened.blocks
      unwrapped.containers.push(...opened.labels)
      unwrapped.containerSums.push(...(opened.sums ?? []))
      unwrapped.nextPart = opened.nextPart ?? unwrapped.nextPart
      unwrapped.layout = opened.layout ?? null
      name = opened.name ?? name
      if (opened.layout !== undefined && opened.layout.tracks.length > 1) break
      // A disk that begins like a disk image is one to whoever it belongs to: QEMU gives the bytes as they are.
      unwrapped.isInDisk = container.isDisk === true && opened.layout === undefined
      if (unwrapped.isInDisk) break
      // Sectors are not looked for in sectors, but whatever has a signature may have been written to a disc.
      if (opened.isDisc === true) leastLikelihood = Likelihood.sure
    }
  } catch (error) {
    if (unwrapped.blocks !== source) await unwrapped.blocks.close()
    throw error
  }
  if (unwrapped.containers.length === 0) unwrapped.containers.push('plain')
  return unwrapped
}

/** The id of the format that compresses a file as a whole, told by its beginning; null for any other file. */
export async function streamIn(source: ByteSource, name: string): Promise<string | null> {
  const look = await lookAt(source, name, new DiagnosticLog())
  for (const container of byLikelihood(CONTAINERS, (each) => each.probe(look)))
    if (container.isStream !== undefined && (await container.isStream(source))) return container.id
  return null
}

/** Whether a format, by its id, compresses a file as a whole: it must be unpacked before anything in it can be read. */
export function isStream(id: string): boolean {
  return CONTAINERS.some((container) => container.id === id && container.isStream !== undefined)
}

async function openContainer(
  source: ByteSource,
  context: ContainerContext,
  leastLikelihood: Likelihood,
): Promise<{ container: Container; opened: OpenedContainer } | null> {
  const look = await lookAt(source, context.name, context.log)
  for (const container of byLikelihood(CONTAINERS, (each) => each.probe(look), leastLikelihood)) {
    const opened = await container.open(source, context)
    if (opened !== null) return { container, opened }
  }
  return null
}

/**
 * @param chain names of the disks that are based on it, the outermost first
 * @param format as of {@link ContainerContext.openBase}
 */
async function openBase(
  chain: readonly string[],
  name: string,
  format: string | null,
  options: OpenImageOptions,
  log: DiagnosticLog,
): Promise<BaseDisk | null> {
  const [outermost = name] = chain
  const isCircle = chain.some((each) => each.toLowerCase() === name.toLowerCase())
  if (isCircle || chain.length > BASE_LIMIT)
    throw new NotAnImageError(
      'NOTHING_READABLE',
      isCircle
        ? `“${outermost}” cannot be opened: “${name}” is based on itself.`
        : `“${outermost}” cannot be opened: more than ${BASE_LIMIT} disks are based on one another.`,
    )
  const source = (await options.openSibling?.(name)) ?? null
  if (source === null) return null
  try {
    if (format === RAW) return { blocks: source, format: RAW, identity: null }
    const look = await lookAt(source, name, log)
    const disks = CONTAINERS.filter(({ id, isDisk }) => isDisk === true && id === (format ?? id))
    for (const container of byLikelihood(disks, (each) => each.probe(look))) {
      const opened = await container.open(source, {
        name,
        options: { ...options, name },
        log,
        // A disk is no stream: nothing of it is unpacked beforehand.
        assertBeginsLikeImage: () => Promise.resolve(),
        isVolumeAt: () => Promise.resolve(false),
        openBase: (base, itsFormat) => openBase([...chain, name], base, itsFormat, options, log),
      })
      if (opened !== null) return { blocks: opened.blocks, format: container.id, identity: opened.identity ?? null }
    }
    return { blocks: source, format: RAW, identity: null }
  } catch (error) {
    await source.close()
    throw error
  }
}
