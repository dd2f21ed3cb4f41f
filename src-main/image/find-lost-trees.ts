import { SourceError, type ByteSource, type MaybePromise } from './core/byte-source'
import { DiagnosticLog } from './core/diagnostic-log'
import { TolerantSource } from './core/sources/tolerant-source'
import type { LostTree } from './filesystems/file-system'
import { FILE_SYSTEMS } from './filesystems/registry'

export type { LostTree } from './filesystems/file-system'

const CHUNK = 1 << 20

export interface LostTreeOptions {
  charset?: string | undefined
  /** Whether a block is a file's content: what describes files there describes those of another image. */
  isContent: (byteOffset: number) => boolean
  /** Sees all blocks as well. */
  look?: (bytes: Uint8Array, byteOffset: number) => void
  /** Asked between reads. */
  checkpoint: (bytesDone: number) => MaybePromise<void>
}

/**
 * Looks at every block of an image for what describes files, and reads that as trees: of volumes whose descriptors are
 * lost, and of directories that nothing leads to. Those whose root says that it is one come first.
 * @param blocks of 2048 bytes
 */
export async function findLostTrees(blocks: ByteSource, options: LostTreeOptions): Promise<LostTree[]> {
  const log = new DiagnosticLog()
  const structures = new TolerantSource(blocks, log)
  const scans = FILE_SYSTEMS.flatMap((driver) => driver.scan?.(structures) ?? [])
  const buffer = new Uint8Array(CHUNK)
  for (let at = 0; at < blocks.byteLength; at += CHUNK) {
    const wait = options.checkpoint(at)
    if (wait) await wait
    const bytes = await readInto(blocks, structures, buffer, at)
    for (const scan of scans) scan.look(bytes, at)
    options.look?.(bytes, at)
  }
  const trees: LostTree[] = []
  for (const scan of scans)
    trees.push(...(await scan.trees({ charset: options.charset, isContent: options.isContent, log })))
  return trees.sort(
    (a, b) =>
      Number(b.isRoot) - Number(a.isRoot) || Number(b.isComplete) - Number(a.isComplete) || detailOf(a) - detailOf(b),
  )
}

/** One buffer serves all reads where the source can fill it; what cannot be read is zeros. */
async function readInto(
  blocks: ByteSource,
  structures: TolerantSource,
  buffer: Uint8Array,
  at: number,
): Promise<Uint8Array> {
  try {
    if (blocks.readInto !== undefined) return buffer.subarray(0, blocks.readInto(buffer, at))
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
  }
  return structures.read(at, CHUNK)
}

/** Trees that tell more of each file come first. */
function detailOf({ kind }: LostTree): number {
  const order = ['rock-ridge', 'udf', 'joliet']
  const at = order.indexOf(kind)
  return at < 0 ? order.length : at
}
