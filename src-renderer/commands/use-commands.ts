import { useDialogs } from '../stores/dialogs'
import { tell } from './errors'
import { createCommands, type Command } from './catalogue'
import { keyLabel, specOf } from './keys'
import { keysOf } from './own-keys'

let commands: Command[] | null = null

/** Every command of the window. */
export function useCommands(): Command[] {
  commands ??= createCommands()
  return commands
}

/** A command by its id. */
export function command(id: string): Command {
  const found = useCommands().find((one) => one.id === id)
  if (!found) throw new Error(`There is no command ${id}.`)
  return found
}

/** The key that stands for a command, as people read it. */
export function keyOf(id: string): string {
  const [key] = keysOf(command(id))
  return key === undefined ? '' : keyLabel(key)
}

/** Runs a command if it can be run now. */
export async function runCommand(one: Command): Promise<void> {
  if (one.isEnabled?.() === false) return
  try {
    await one.run()
  } catch (error) {
    tell(error)
  }
}

/** Keys that belong to the rows of a pane and to nothing else. */
const ROW_KEYS: ReadonlySet<string> = new Set([
  'Enter',
  'Backspace',
  'Escape',
  '+',
  '-',
  '*',
  'Delete',
  'Mod+A',
  'Mod+C',
  'Mod+V',
])

/** Takes a key press to its command, unless something else has a better right to it. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const spec = specOf(event)
  const one = useCommands().find((other) => keysOf(other).includes(spec))
  if (!one) return
  const target = event.target instanceof Element ? event.target : null
  const isIn = (selector: string): boolean => (target?.closest(selector) ?? null) !== null
  const isTyping = isIn('input, textarea, select, [contenteditable]')
  if (ROW_KEYS.has(spec) && !isIn('[data-rows]')) return
  if (isTyping && !/^F\d|^Mod\+[KPOLJ,]$/.test(spec)) return
  if (isIn('[role=menu], [role=dialog], [role=alertdialog]') || useDialogs().current) {
    // The browser's own print, open and find have no place over a dialog of ours either.
    if (/^(F\d+|Mod\+[KPOLUF])$/.test(spec)) event.preventDefault()
    return
  }
  event.preventDefault()
  void runCommand(one)
}
