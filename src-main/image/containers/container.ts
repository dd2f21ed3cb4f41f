import type { ByteSource } from '../core/byte-source'
import type { ContainerSum } from '../core/container-sum'
import type { DiagnosticLog } from '../core/diagnostic-log'
import type { OpenImageOptions } from '../core/disc-image'
import type { Likelihood } from '../core/likelihood'
import { TolerantSource } from '../core/sources/tolerant-source'
import type { DiscLayout } from './disc/disc-layout'

/** What every container looks at. */
export interface ContainerLook {
  /** The file's name, without folder; of what is inside a container, the name without that container's extension. */
  name: string
  byteLength: number
  /** The first {@link HEAD_LENGTH} bytes, fewer of a shorter file. */
  head: Uint8Array
  /** The last {@link TAIL_LENGTH} bytes, fewer of a shorter file. */
  tail: Uint8Array
}

export const HEAD_LENGTH = 4096
export const TAIL_LENGTH = 512

export interface ContainerContext {
  name: string
  options: OpenImageOptions
  log: DiagnosticLog
  /**
   * Looks at the beginning of what a stream unpacks to, before all of it is written anywhere.
   * @param room what of a sentence says how much room there is; may be empty
   * @throws {NotAnImageError} where no image begins like this
   */
  assertBeginsLikeImage(bytes: Uint8Array, room: string): Promise<void>
  /** Whether a volume begins at a place that proves itself by more than a signature. */
  isVolumeAt: (source: ByteSource, byteOffset: number) => Promise<boolean>
  /**
   * A disk that this one is based on, from beside it.
   * @param format the id of the container that it is said to be; {@link RAW} where it is taken as it is, whatever it
   *   begins with; null where nobody has said, so that it is told by its content
   * @returns null where no file of that name is there
   * @throws {NotAnImageError} where it is one that is being opened already, or the last of too many
   */
  openBase(name: string, format: string | null): Promise<BaseDisk | null>
}

/** The format of a disk that lies in a file as it is. */
export const RAW = 'raw'

/** A disk that another one is based on. */
export interface BaseDisk {
  blocks: ByteSource
  /** What its file is: the id of a container, or {@link RAW}. */
  format: string
  /** As {@link OpenedContainer.identity}; null of a plain image. */
  identity: string | null
}

export interface OpenedContainer {
  /** What is inside. Closing it closes the container. */
  blocks: ByteSource
  /** What `info` says that lay around the blocks; none where there was nothing after all. */
  labels: readonly string[]
  /** The name of what is inside, where it is another. */
  name?: string
  /** Checksums that it carries and that are not looked at as its bytes are read. */
  sums?: readonly ContainerSum[]
  /** What a table of contents says. */
  layout?: DiscLayout
  /** Of a disk that others may be based on: the identity by which they know it. */
  identity?: string
  /** Of an image in parts: the part behind the last one that is there. */
  nextPart?: string
  /** These are a disc's own sectors: only what has a signature is looked for in them. */
  isDisc?: boolean
}

/** A format that lies around a disc's blocks. */
export interface Container {
  id: string
  /**
   * What it holds is a machine's disk: others may be based on it, and its bytes are that machine's own. Those that look
   * like a container are no further wrapping.
   */
  isDisk?: boolean
  probe(look: ContainerLook): Likelihood
  /** Of what compresses a file as a whole, so that it is unpacked before it is read: whether a source is one. */
  isStream?(source: ByteSource): Promise<boolean>
  /**
   * Null where a closer look shows that it is none.
   * @throws {NotAnImageError} where it is one, and nothing of it can be opened
   */
  open(source: ByteSource, context: ContainerContext): Promise<OpenedContainer | null>
}

export async function lookAt(source: ByteSource, name: string, log: DiagnosticLog): Promise<ContainerLook> {
  const tolerant = new TolerantSource(source, log)
  const tailLength = Math.min(TAIL_LENGTH, source.byteLength)
  return {
    name,
    byteLength: source.byteLength,
    head: await tolerant.read(0, HEAD_LENGTH),
    tail: await tolerant.read(source.byteLength - tailLength, tailLength),
  }
}
