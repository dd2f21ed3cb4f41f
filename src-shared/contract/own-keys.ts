import { z } from 'zod'

/** How a key combination is written: `Mod+Shift+K`, `Alt+ArrowLeft`, `F5`, `+`. `Mod` is ⌘ on a Mac, Ctrl elsewhere. */
const KEY_SPEC = /^(?:Mod\+)?(?:Ctrl\+)?(?:Alt\+)?(?:Shift\+)?(?:[^\s\p{C}\p{Ll}]|[A-Z][A-Za-z]{1,23}|F\d{1,2})$/u
const COMMAND_ID = /^[A-Za-z][A-Za-z0-9]{0,39}$/
const KEYS_AT_MOST = 8

/** Whether a text is a key combination. */
export function isKeySpec(value: unknown): value is string {
  return typeof value === 'string' && KEY_SPEC.test(value)
}

/**
 * The keys that a person gave to commands, by the command's id; an empty list takes a command all its keys. One entry
 * that makes no sense in a file edited by hand is left out, and the others stay.
 */
export const ownKeys = z.record(z.string(), z.unknown()).transform((given) => {
  const kept: Record<string, string[]> = {}
  for (const [id, keys] of Object.entries(given))
    if (COMMAND_ID.test(id) && Array.isArray(keys))
      kept[id] = [...new Set(keys.filter(isKeySpec))].slice(0, KEYS_AT_MOST)
  return kept
})
export type OwnKeys = z.infer<typeof ownKeys>
