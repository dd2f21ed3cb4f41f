import type { EntryOutcome } from '../../../../src-shared/model'
import type { ExtractSpec } from './spec'

/**
 * Jobs for only those files that failed, each landing where it was to: one, as a rule, or one for each folder that
 * entries were taken out of. What stands at their names by now is asked about: it may be half of the file, or somebody's
 * own.
 * @param destination where the job wrote: it may have made a folder of its own
 */
export function onlyFailed(spec: ExtractSpec, failed: readonly EntryOutcome[], destination: string): ExtractSpec[] {
  const paths = failed.map(({ path }) => path)
  const { children, rename, ...rest } = spec
  const again = { ...rest, destination, conflicts: 'ask' as const, smart: false, rename: null }
  const [only] = spec.paths ?? []
  const isOne = !children && spec.paths?.length === 1 && only !== undefined
  if (rename && isOne) {
    // One entry under another name: itself again, or what is below it, which stands in a folder of that name.
    if (paths.includes(only)) return [{ ...spec, conflicts: 'ask', destination }]
    return [{ ...again, paths, destination: `${destination}/${rename}`, keepPathsFrom: only }]
  }
  if (spec.paths === null || spec.keepPaths) return [{ ...again, paths, keepPaths: true, rename }]
  const groups = Map.groupBy(paths, (path) => spec.keepPathsFrom ?? folderOf(rootOf(spec, path)))
  return [...groups].map(([keepPathsFrom, group]) => ({ ...again, paths: group, keepPathsFrom, rename }))
}

/** Which of the entries that were asked for a path is, or lies below. */
function rootOf({ paths, children }: ExtractSpec, path: string): string {
  const isAt = (root: string): boolean => path === root || path.startsWith(`${root}/`)
  const named = paths?.find(isAt)
  if (named !== undefined || !children) return named ?? path
  // Its first part below the directory that all of them are in.
  const { directory } = children
  const below = directory === '' ? path : path.slice(directory.length + 1)
  return `${directory === '' ? '' : `${directory}/`}${below.split('/', 1)[0] ?? ''}`
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
