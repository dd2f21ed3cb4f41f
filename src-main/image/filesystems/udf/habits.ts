import type { ByteSource } from '../../core/byte-source'
import { DiagnosticLog } from '../../core/diagnostic-log'
import { DEFAULT_LIMITS, TreeWalker } from '../../core/tree-walker'
import type { UdfVolume } from './mapped-volume'
import { UdfTree } from './udf-tree'

/**
 * The codes of faults that the whole tree has so often that they are its writer's habit. Nothing is told: who reads the
 * tree does that. For the first fault of a kind that is a habit or not, before anybody has seen all others.
 */
export async function readHabits(source: ByteSource, volume: UdfVolume): Promise<ReadonlySet<string>> {
  const log = new DiagnosticLog()
  const walker = new TreeWalker(
    (walkLog) => {
      const own = volume.withLog(walkLog)
      own.readHabits = null
      return new UdfTree(source, own)
    },
    { log, limits: DEFAULT_LIMITS, charset: undefined },
  )
  await walker.readTree()
  return new Set(log.entries.filter(({ details }) => details?.isHabit === true).map(({ code }) => code))
}
