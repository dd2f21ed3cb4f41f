import path from 'node:path'
import { z } from 'zod'
import { CONFLICT_POLICIES, type EntryOutcome, type JobMessage, type JobSpec } from '../../../../src-shared/model'
import type { PreparedJob } from '../job-kind'
import { lastName } from '../last-name'

/** What copies and moves between folders of this computer have in common. */
export const transferSpec = z.object({
  paths: z.array(z.string()),
  destination: z.string(),
  conflicts: z.enum(CONFLICT_POLICIES),
})
export type TransferSpec = z.output<typeof transferSpec>

export function prepared<Spec extends TransferSpec & JobSpec>(spec: Spec): PreparedJob<Spec> {
  const paths = spec.paths.map((itemPath) => path.resolve(itemPath))
  return {
    spec: { ...spec, paths, destination: path.resolve(spec.destination) },
    sourceName: path.basename(path.dirname(paths[0] ?? '')),
  }
}

export function titleOf({ destination }: TransferSpec): JobMessage {
  return { code: 'title', parameters: { destination: lastName(destination) } }
}

export function resourcesOf({ paths, destination }: TransferSpec): string[] {
  return [destination, ...paths.slice(0, 1)]
}

/** One job for each folder that failed files were to land in. */
export function onlyFailed<Spec extends TransferSpec>(spec: Spec, failed: readonly EntryOutcome[]): Spec[] {
  const paths = failed.map((outcome) => outcome.path)
  const groups = Map.groupBy(paths, (itemPath) => {
    const root = spec.paths.find((one) => itemPath === one || itemPath.startsWith(one + path.sep))
    return path.join(spec.destination, path.relative(path.dirname(root ?? itemPath), path.dirname(itemPath)))
  })
  return [...groups].map(([destination, group]) => ({ ...spec, paths: group, destination, conflicts: 'ask' as const }))
}
