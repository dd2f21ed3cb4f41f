import fs from 'node:fs'
import path from 'node:path'
import { destinationOf, isImageJob, type JobSpec } from '../jobs'

/** The disks that a job reads and writes, by the device numbers of their file systems. */
export function disksOf(spec: JobSpec): string[] {
  const destination = destinationOf(spec)
  const paths = destination === null ? [] : [destination]
  if (!isImageJob(spec)) paths.push(...spec.paths.slice(0, 1))
  else if (spec.source.kind === 'path') paths.push(spec.source.path)
  return [...new Set(paths.map(diskOf))]
}

/** Of the nearest folder that is there: a destination may still have to be made. */
function diskOf(itemPath: string): string {
  const stat = fs.statSync(itemPath, { throwIfNoEntry: false, bigint: false })
  if (stat) return String(stat.dev)
  const parent = path.dirname(itemPath)
  return parent === itemPath ? '' : diskOf(parent)
}
