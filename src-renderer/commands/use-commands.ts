import { computed, type ComputedRef } from 'vue'
import { useDialogs } from '../data/stores/dialogs'
import { useSettings } from '../data/stores/settings'
import { report, worded } from '../data/errors'
import { createCommands, type Command } from './catalogue'
import { belongsToRows, isBrowsers, writesNothing } from './key-rules'
import { keyLabel, specOf, type KeySpec } from '../base/keys'
import { resolveKeys } from './own-keys'

let commands: Command[] | null = null
let keys: ComputedRef<Map<string, KeySpec[]>> | null = null

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

/** The keys of a command as they are now: the person's own, or the original ones. The first is the one that is shown. */
export function keysOf(one: Command): readonly KeySpec[] {
  keys ??= computed(() => resolveKeys(useCommands(), useSettings().current.keys))
  return keys.value.get(one.id) ?? []
}

/**
 * The command that a key stands for now: of those that share it, the one that can be run, or else the one that would be
 * meant here and says why it cannot.
 */
export function commandOf(spec: KeySpec): Command | null {
  const found = useCommands().filter((one) => keysOf(one).includes(spec))
  const sharing = found.filter(({ sharesKeys }) => sharesKeys === true)
  return (
    sharing.find((one) => one.isEnabled?.() !== false) ??
    sharing.find((one) => (one.whyNot?.() ?? null) !== null) ??
    found.find(({ sharesKeys }) => sharesKeys !== true) ??
    found[0] ??
    null
  )
}

/** The key that stands for a command, as people read it. */
export function keyOf(id: string): string {
  const [key] = keysOf(command(id))
  return key === undefined ? '' : keyLabel(key)
}

/** Runs a command if it can be run now. */
export async function runCommand(one: Command): Promise<void> {
  if (one.isEnabled?.() === false) {
    const reason = one.whyNot?.() ?? null
    if (reason !== null) report(worded('UNSUPPORTED_HERE', reason))
    return
  }
  try {
    await one.run()
  } catch (error) {
    report(error)
  }
}

/** Takes a key press to its command, unless something else has a better right to it. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const spec = specOf(event)
  const target = event.target instanceof Element ? event.target : null
  const isIn = (selector: string): boolean => (target?.closest(selector) ?? null) !== null
  if (isIn('[role=menu], [role=dialog], [role=alertdialog]') || useDialogs().current) {
    // The browser's own print, open and find have no place over a dialog of ours either.
    if (isBrowsers(spec)) event.preventDefault()
    return
  }
  const one = commandOf(spec)
  if (!one) return
  const isTyping = isIn('input, textarea, select, [contenteditable]')
  if (belongsToRows(spec) && !isIn('[data-rows]')) return
  if (isTyping && !/(?:^|\+)F\d/.test(spec) && !(one.worksWhileTyping && writesNothing(spec))) return
  event.preventDefault()
  void runCommand(one)
}
