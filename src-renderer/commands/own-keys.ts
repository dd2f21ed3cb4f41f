import { z } from 'zod'
import { useSettings } from '../stores/settings'
import type { Command } from './catalogue'
import type { KeySpec } from './keys'

const kept = z.record(z.string(), z.string()).catch({})

function ownKeys(): Record<string, KeySpec> {
  return kept.parse(useSettings().current.window.keys ?? {})
}

/** The keys of a command: the person's own instead of the first, where there is one. */
export function keysOf(command: Command): KeySpec[] {
  const own = ownKeys()[command.id]
  return own === undefined ? command.keys : [own, ...command.keys.slice(1).filter((key) => key !== own)]
}

/** Gives a command a key of the person's own. */
export function changeKey(command: Command, key: KeySpec): void {
  const others = Object.fromEntries(Object.entries(ownKeys()).filter(([id]) => id !== command.id))
  useSettings().remember('keys', key === command.keys[0] ? others : { ...others, [command.id]: key })
}

/** Whether any key is not the original one. */
export function hasOwnKeys(): boolean {
  return Object.keys(ownKeys()).length > 0
}

export function resetKeys(): void {
  useSettings().remember('keys', {})
}
