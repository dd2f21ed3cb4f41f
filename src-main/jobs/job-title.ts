import { NumberRanges } from '../../src-shared/model'
import type { ExtractSpec, JobSpec } from './job-spec'

/** “Extracting 2 items to Downloads”: what a job does, in one line. */
export function titleOf(spec: JobSpec): string {
  switch (spec.kind) {
    case 'verify':
      return `Verifying ${spec.source.name}`
    case 'convert':
      return `Converting ${spec.source.name} to ${lastName(spec.destination)}`
    case 'extract':
      return `Extracting ${extracted(spec)} to ${lastName(spec.destination)}`
    default:
      return `${spec.kind === 'move' ? 'Moving' : 'Copying'} ${items(spec.paths)} to ${lastName(spec.destination)}`
  }
}

function extracted({ source, paths, children }: ExtractSpec): string {
  if (children) return `${NumberRanges.from(children.ranges).size} items`
  return paths === null ? source.name : items(paths)
}

function items(paths: readonly string[]): string {
  return paths.length === 1 ? lastName(paths[0] ?? '') : `${paths.length} items`
}

function lastName(path: string): string {
  return (
    path
      .split(/[/\\]/)
      .filter((name) => name !== '')
      .at(-1) ?? path
  )
}
