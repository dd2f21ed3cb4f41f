import type { EntrySelection } from '../../../src-shared/contract'

/** What is selected of an open image. */
export interface DragSelection {
  image: number
  generation: number
  view: string
  entries: EntrySelection
}

/** What the desktop does for a drag to other programs. */
export interface DragServices {
  /** Writes copies, unless they would be larger than the settings allow. */
  stage(selection: DragSelection): Promise<{ paths: string[]; isTooLarge: boolean }>
  /** The system's own drag takes over from the page's. */
  start(paths: string[]): void
}

/** How far the copies of a selection are. */
export type DragState =
  { kind: 'staging' } | { kind: 'ready'; paths: string[] } | { kind: 'tooLarge' } | { kind: 'failed'; error: unknown }

/**
 * Copies of a selection for other programs. The system's drag takes real files that are there when it begins, so they
 * are written while a name is held down. They stay until the program ends: whoever gets them may read them late.
 */
export class DragOut {
  private key = ''
  private current: DragState = { kind: 'failed', error: null }
  private readonly own = new Set<string>()

  constructor(private readonly services: DragServices) {}

  /** How far the last selection is. */
  get state(): DragState {
    return this.current
  }

  /** Begins to write copies; of the same selection once only. */
  async prepare(selection: DragSelection): Promise<void> {
    const key = JSON.stringify(selection)
    const isNothing = Array.isArray(selection.entries) && selection.entries.length === 0
    if (isNothing || (key === this.key && this.current.kind !== 'failed')) return
    this.key = key
    this.current = { kind: 'staging' }
    const state = await this.stage(selection)
    // Another selection may have come meanwhile.
    if (this.key === key) this.current = state
  }

  /**
   * Begins the system's drag where the copies are there.
   * @returns false where they are not: the page's own drag goes on, which ends at the window's edge
   */
  begin(selection: DragSelection): boolean {
    if (JSON.stringify(selection) !== this.key || this.current.kind !== 'ready') {
      void this.prepare(selection)
      return false
    }
    this.services.start(this.current.paths)
    return true
  }

  /** Whether files that are dropped on the window have been dragged out of it. */
  owns(paths: readonly string[]): boolean {
    return paths.length > 0 && paths.every((path) => this.own.has(path))
  }

  private async stage(selection: DragSelection): Promise<DragState> {
    try {
      const { paths, isTooLarge } = await this.services.stage(selection)
      for (const path of paths) this.own.add(path)
      return isTooLarge ? { kind: 'tooLarge' } : { kind: 'ready', paths }
    } catch (error) {
      return { kind: 'failed', error }
    }
  }
}
