import type { Said } from '../../../src-shared/model'
import { projectNodeAt, saidOfChange, sourceChanges, type ProjectNode, type SourceChange } from '../../author'

/** Nobody reads more of them, and a project's snapshot goes to every window. */
const TOLD_AT_MOST = 200

/**
 * What has become of a project's sources since they were added, told for as long as the project is in memory: a change
 * that was seen once is still one when the sources are looked at again.
 */
export class SourceWatch {
  private readonly changes = new Map<string, SourceChange>()

  /**
   * Notes what is otherwise.
   * @param told paths in the image of what is known to be missing, and said elsewhere
   * @returns whether anything is
   */
  note(before: ProjectNode, now: ProjectNode, told: ReadonlySet<string>): boolean {
    let isOther = false
    for (const change of sourceChanges(before, now)) {
      isOther = true
      if (told.has(change.path)) continue
      const known = this.changes.get(change.path)
      this.changes.set(change.path, known?.kind === 'resized' ? { ...change, before: known.before } : change)
    }
    return isOther
  }

  /** What still holds of a tree: what somebody has taken out of the project since is not missed. */
  said(root: ProjectNode): Said[] {
    return [...this.changes.values()]
      .filter((change) => isStillSo(root, change))
      .slice(0, TOLD_AT_MOST)
      .map(saidOfChange)
  }
}

function isStillSo(root: ProjectNode, { path, kind, before, now }: SourceChange): boolean {
  const node = projectNodeAt(root, path)
  if (kind === 'resized') return node?.byteLength === now && before !== now
  if (kind === 'appeared') return node !== null
  const parent = projectNodeAt(root, path.split('/').slice(0, -1).join('/'))
  return node === null && (parent?.children ?? null) !== null
}
