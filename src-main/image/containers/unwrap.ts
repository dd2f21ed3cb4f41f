import type { ByteSource } from '../core/byte-source'
import type { ContainerSum } from '../core/container-sum'
import type { DiagnosticLog } from '../core/diagnostic-log'
import type { OpenImageOptions } from '../core/disc-image'
import { byLikelihood } from '../core/likelihood'
import { lookAt, type ContainerContext, type OpenedContainer } from './container'
import type { DiscLayout } from './disc/disc-layout'
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
}

/**
 * Undoes whatever lies around the blocks of a disc, until no container answers.
 * @param assertBeginsLikeImage see {@link ContainerContext}; told the name of the stream
 */
export async function unwrap(
  source: ByteSource,
  options: OpenImageOptions,
  log: DiagnosticLog,
  assertBeginsLikeImage: (bytes: Uint8Array, name: string, room: string) => Promise<void>,
): Promise<Unwrapped> {
  const unwrapped: Unwrapped = { blocks: source, containers: [], containerSums: [], layout: null, nextPart: null }
  let { name } = options
  try {
    for (let depth = 0; depth < DEPTH_LIMIT; depth++) {
      const outer = name
      const opened = await openContainer(unwrapped.blocks, {
        name,
        options,
        log,
        assertBeginsLikeImage: (bytes, room) => assertBeginsLikeImage(bytes, outer, room),
      })
      if (opened === null) break
      unwrapped.blocks = opened.blocks
      unwrapped.containers.push(...opened.labels)
      unwrapped.containerSums.push(...(opened.sums ?? []))
      unwrapped.nextPart = opened.nextPart ?? unwrapped.nextPart
      unwrapped.layout = opened.layout ?? null
      name = opened.name ?? name
      if (opened.isDisc === true) break
    }
  } catch (error) {
    if (unwrapped.blocks !== source) await unwrapped.blocks.close()
    throw error
  }
  if (unwrapped.containers.length === 0) unwrapped.containers.push('plain')
  return unwrapped
}

async function openContainer(source: ByteSource, context: ContainerContext): Promise<OpenedContainer | null> {
  const look = await lookAt(source, context.name, context.log)
  for (const container of byLikelihood(CONTAINERS, (each) => each.probe(look))) {
    const opened = await container.open(source, context)
    if (opened !== null) return opened
  }
  return null
}
