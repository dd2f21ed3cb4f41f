import type { LostAttributes } from '../../src-shared/model'

/** Counts what lost extended attributes on its way. One for a whole job. */
export class LostAttributeTally {
  private lost: { count: number; path: string; names: Set<string> } | null = null

  /** @param path of what lost any @param names of the attributes; none is nothing lost */
  note(path: string, names: readonly string[]): void {
    if (names.length === 0) return
    this.lost ??= { count: 0, path, names: new Set() }
    this.lost.count++
    for (const name of names) this.lost.names.add(name)
  }

  /** What was lost since this was asked last; null where nothing was. */
  take(): LostAttributes | null {
    const { lost } = this
    this.lost = null
    return lost && { ...lost, names: [...lost.names].sort() }
  }
}
