import type { DiagnosticLog } from '../../core/diagnostic-log'
import { DEFAULT_LIMITS, TreeWalker } from '../../core/tree-walker'
import { UdfTree } from './udf-tree'
import type { UdfVolume } from './mapped-volume'
import type { ByteSource } from '../../core/byte-source'
import type { LongFile, LongFiles } from '../../core/long-files'

/** ECMA-119 9.1.4 records lengths in 32 bits; a longer file needs sections, or is recorded modulo this. */
const FIELD_LIMIT = 2 ** 32

/** Reads the UDF side of a bridge for files of 4 GiB and more. Nothing is told of what is odd there: its own view does. */
export async function readLongFiles(source: ByteSource, volume: UdfVolume, log: DiagnosticLog): Promise<LongFiles> {
  const silent = log.branch()
  const walker = new TreeWalker((walkLog) => new UdfTree(source, volume.withLog(walkLog)), {
    log: silent,
    limits: DEFAULT_LIMITS,
    charset: undefined,
  })
  const columns = await walker.readTree()
  const files = new Map<number, LongFile>()
  for (let index = 1; index < columns.length; index++) {
    const byteLength = columns.byteLengthOf(index)
    if (byteLength < FIELD_LIMIT) continue
    const start = columns.discPositionOf(index)
    files.set(start, { byteLength, runs: columns.runsOf(index)?.runs ?? [start, byteLength] })
  }
  return files
}
