import type { KeySpec } from '../base/keys'

export type MenuName = 'file' | 'edit' | 'view' | 'go' | 'tools' | 'help'
/** A menu inside of a menu; its name is `menu.<name>` in the catalogue of words. */
export type SubmenuName = 'sortBy'
export const MENUS: readonly MenuName[] = ['file', 'edit', 'view', 'go', 'tools', 'help']

/** What takes things away; from this computer it only ever goes to the trash, so that the key that means more may mean it too. */
export const DELETING: KeySpec[] = ['Delete', 'Shift+Delete', 'F8']

/** Something the window can do. Its name is `command.<id>` in the catalogue of words. */
export interface Command {
  id: string
  menu: MenuName
  /** The original ones; the first is the one that is shown. A person may have given it others: see `keysOf`. */
  keys: KeySpec[]
  /** Its keys stand for other commands as well, which can be run where this one cannot. */
  sharesKeys?: true
  /** Starts a new section in its menu. */
  startsSection?: boolean
  /** Stands in a menu of its own inside its menu, together with those beside it that say the same. */
  submenu?: SubmenuName
  /** Its keys with Ctrl or Alt work while something is being typed, too. */
  worksWhileTyping?: boolean
  isEnabled?(): boolean
  /** Why it cannot be run now, where somebody who presses its key would wonder; null where nobody would. */
  whyNot?(): string | null
  /** For commands that switch something. */
  isOn?(): boolean
  run(): unknown
}
