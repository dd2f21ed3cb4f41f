import { changeTree, damagedFiles, type Change, type ImageTree } from '../engine'
import { warn } from './output'
import type { ImageReport } from './write-image'

/**
 * Tells what of an image cannot be read, and leaves it out of what is made of the image, by consent alone.
 * @returns false where there is something, and nobody has consented
 */
export function leaveOutDamaged(tree: ImageTree, report: ImageReport, isAllowed: boolean): boolean {
  const damaged = damagedFiles(tree.root)
  for (const { message } of [...tree.damage, ...damaged]) report.fate('damaged', message)
  const count = tree.damage.length + damaged.length
  if (count === 0) return true
  if (!isAllowed) {
    report.flush()
    warn('What is damaged would be missing from the new image. With --allow-damaged it is left out.')
    return false
  }
  changeTree(
    tree.root,
    damaged.map(({ path }): Change => ({ op: 'delete', path })),
  )
  report.problems += count
  return true
}
