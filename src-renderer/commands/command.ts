import type { KeySpec } from './keys'

export type MenuName = 'file' | 'edit' | 'view' | 'go' | 'tools' | 'help'
export const MENUS: readonly MenuName[] = ['file', 'edit', 'view', 'go', 'tools', 'help']

/** Something the window can do. Its name is `command.<id>` in the catalogue of words. */
export interface Command {
  id: string
  menu: MenuName
  /** The first is the one that is shown. */
  keys: KeySpec[]
  /** Starts a new section in its menu. */
  startsSection?: boolean
  isEnabled?(): boolean
  /** For commands that switch something. */
  isOn?(): boolean
  run(): unknown
}
