import type { JobSpec } from './job-spec'

/** “Extracting 2 items to Downloads”: what a job does, in one line. */
export function titleOf(spec: JobSpec): string {
  const verb = { extract: 'Extracting', copy: 'Copying', move: 'Moving' }[spec.kind]
  const what =
    spec.paths === null
      ? spec.kind === 'extract'
        ? spec.source.name
        : ''
      : spec.paths.length === 1
        ? lastName(spec.paths[0] ?? '')
        : `${spec.paths.length} items`
  return `${verb} ${what} to ${lastName(spec.destination)}`
}

function lastName(path: string): string {
  return (
    path
      .split(/[/\\]/)
      .filter((name) => name !== '')
      .at(-1) ?? path
  )
}
