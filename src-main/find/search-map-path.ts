import { createHash } from 'node:crypto'
import path from 'node:path'

/** Where it is kept what has been searched of a source, in the profile: a file for each place of one. */
export function searchMapPath(profile: string, sourcePath: string): string {
  const place = path.resolve(sourcePath)
  const sum = createHash('sha256').update(place).digest('hex').slice(0, 16)
  return path.join(profile, 'finds', `${path.basename(place)}-${sum}.map`)
}
