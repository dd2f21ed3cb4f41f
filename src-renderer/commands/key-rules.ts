import { isMac, type KeySpec } from '../base/keys'

/** Why a key cannot be given to a command. */
export type KeyRejection = 'rows' | 'letters' | 'browser' | 'system'

const MODIFIERS = /^(?:Mod\+|Ctrl\+|Alt\+|Shift\+)*/
/** What moves through rows, fields and dialogs, with Shift and Ctrl as well. */
const MOVING = /^(?:Arrow(?:Up|Down|Left|Right)|Page(?:Up|Down)|Home|End|Insert|Space)$/
const SYSTEM: ReadonlySet<KeySpec> = new Set(['Alt+F4', 'Shift+F10', 'ContextMenu', 'Mod+Alt+Delete'])
/** A browser never tells a page about these. */
const BROWSER = /^Mod\+(?:Shift\+)?[TWN]$/
/** What editing a text means everywhere. */
const EDITING: ReadonlySet<KeySpec> = new Set(['Mod+A', 'Mod+C', 'Mod+V', 'Mod+X', 'Mod+Z', 'Mod+Y', 'Mod+Shift+Z'])
/** Outside of fields there is nothing that a browser could take back by these. */
const UNDOING: ReadonlySet<KeySpec> = new Set(['Mod+Z', 'Mod+Y', 'Mod+Shift+Z'])

const keyPart = (spec: KeySpec): string => spec.replace(MODIFIERS, '')
const has = (spec: KeySpec, modifier: 'Mod' | 'Ctrl' | 'Alt'): boolean =>
  (MODIFIERS.exec(spec)?.[0] ?? '').includes(`${modifier}+`)

/** Why a key stays what it is; null where any command may have it. */
export function rejectionOf(spec: KeySpec, isInBrowser: boolean): KeyRejection | null {
  const key = keyPart(spec)
  if (key === 'Escape' || key === 'Tab' || spec === 'Enter') return 'rows'
  if (MOVING.test(key) && !has(spec, 'Alt')) return 'rows'
  if (/^[\p{L}\p{N}]$/u.test(key) && !has(spec, 'Mod') && !has(spec, 'Alt') && !has(spec, 'Ctrl')) return 'letters'
  if (SYSTEM.has(spec)) return 'system'
  return isInBrowser && BROWSER.test(spec) ? 'browser' : null
}

/** Whether a key of the catalogue stays with its command, whatever else the command is given. */
export function isFixed(spec: KeySpec): boolean {
  return rejectionOf(spec, false) !== null
}

/** Whether a key means something only while the rows of a pane have the keyboard. */
export function belongsToRows(spec: KeySpec): boolean {
  const isBare = !has(spec, 'Mod') && !has(spec, 'Alt') && !has(spec, 'Ctrl')
  return (EDITING.has(spec) && !UNDOING.has(spec)) || (isBare && !/^F\d/.test(keyPart(spec)))
}

/** Whether a key writes no sign into a field: with Option a Mac has signs on most of them. */
export function writesNothing(spec: KeySpec): boolean {
  return has(spec, 'Mod') || (has(spec, 'Alt') && !isMac)
}

/** Whether a key, pressed while a dialog is open, would make the browser do something to the page. */
export function isBrowsers(spec: KeySpec): boolean {
  return /^F\d/.test(spec) || (has(spec, 'Mod') && !EDITING.has(spec) && /^[\p{L}\p{N}]$/u.test(keyPart(spec)))
}
