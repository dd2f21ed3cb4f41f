import { randomUUID } from 'node:crypto'
import type { Said } from '../../../src-shared/model'
import type { CommandOutput } from '../../../src-shared/contract'
import { IsoldeError, toErrorShape } from '../../../src-shared/contract/errors'
import { moveToTrash, restoreFromTrash, type TrashedItem } from '../../files/trash/trash'
import { takeTurns } from '../../task'

/** Deletions that can be undone; older ones are left to the system’s file manager. */
const KEPT_AT_MOST = 50

type TrashAnswer = CommandOutput<'trash.move'>
type UndoAnswer = CommandOutput<'trash.undo'>

/** What was moved to the trash since the engine began, to be brought back. */
export class TrashHistory {
  private readonly deletions = new Map<string, TrashedItem[]>()

  /** Moves one after the other: what cannot go stays, and the rest goes all the same. */
  async move(paths: readonly string[]): Promise<TrashAnswer> {
    const items: TrashedItem[] = []
    const { problem } = await forEach(paths, (itemPath) => items.push(moveToTrash(itemPath)))
    if (items.length === 0) return { count: 0, undo: null, problem }
    const undo = randomUUID()
    this.deletions.set(undo, items)
    for (const oldest of this.deletions.keys()) if (this.deletions.size > KEPT_AT_MOST) this.deletions.delete(oldest)
    return { count: items.length, undo, problem }
  }

  /** @throws {IsoldeError} `BAD_REQUEST` where it is not known any more */
  async undo(id: string): Promise<UndoAnswer> {
    const items = this.deletions.get(id)
    if (!items)
      throw new IsoldeError('BAD_REQUEST', 'This can’t be undone any more here. Restore it in the system’s trash.')
    // Not twice at once.
    this.deletions.delete(id)
    const renamed: string[] = []
    // The last one first: a folder comes back before what had been taken out of it, not as a second one beside that.
    const { failed, problem } = await forEach(items.toReversed(), (item) => {
      const at = restoreFromTrash(item)
      if (at !== item.from) renamed.push(at)
    })
    if (failed.length > 0) this.deletions.set(id, failed.toReversed())
    return { count: items.length - failed.length, renamed, undo: failed.length > 0 ? id : null, problem }
  }
}

/** @returns what failed, and the sentence of the first */
async function forEach<Item>(
  items: readonly Item[],
  work: (item: Item) => unknown,
): Promise<{ failed: Item[]; problem: Said | null }> {
  const turn = takeTurns()
  const failed: Item[] = []
  let problem: Said | null = null
  for (const item of items) {
    try {
      work(item)
    } catch (error) {
      failed.push(item)
      problem ??= toErrorShape(error)
    }
    await turn()
  }
  return { failed, problem }
}
