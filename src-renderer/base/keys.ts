import { t, te } from './locales'

export const isMac = navigator.platform.startsWith('Mac')

/** A key combination as the catalogue writes it: `Mod+Shift+K`, `Alt+ArrowLeft`, `F5`, `+`. `Mod` is ⌘ on a Mac, Ctrl elsewhere. */
export type KeySpec = string

/** Whether only a modifier or a lock was pressed, which is no combination yet. */
export function isModifier(event: KeyboardEvent): boolean {
  return /^(?:Control|Shift|Alt|AltGraph|Meta|OS|CapsLock|NumLock|ScrollLock|Fn|FnLock|Dead|Process|Unidentified)$/.test(
    event.key,
  )
}

/** The combination an event stands for, in the catalogue's own writing. */
export function specOf(event: KeyboardEvent): KeySpec {
  const mod = isMac ? event.metaKey : event.ctrlKey
  const parts: string[] = []
  if (mod) parts.push('Mod')
  if (isMac && event.ctrlKey) parts.push('Ctrl')
  if (event.altKey) parts.push('Alt')
  const key = keyName(event)
  // Shift is part of a sign such as “+” or “*” already.
  if (event.shiftKey && !/^[^\p{L}\p{N}]$/u.test(key)) parts.push('Shift')
  parts.push(key)
  return parts.join('+')
}

function keyName(event: KeyboardEvent): string {
  if (event.key === ' ') return 'Space'
  // With Ctrl or Alt another layout's letter stands on the same key: Ctrl+L is Ctrl+L on a Russian keyboard too.
  const letter = /^Key([A-Z])$/.exec(event.code)?.[1]
  if (letter && (event.ctrlKey || event.metaKey || event.altKey) && !/^[a-z]$/i.test(event.key)) return letter
  return event.key.length === 1 ? event.key.toUpperCase() : event.key
}

const MAC_SIGNS: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' }
const SIGNS: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Backspace: '⌫',
  Enter: '↵',
  Escape: 'Esc',
}

/** What keyboards of a language have written on them. */
function wordOf(part: string): string {
  const key = `keys.names.${part}`
  return te(key) ? t(key) : part
}

/** A combination as a person reads it: “Ctrl+Shift+K”, “Strg+Umschalt+K”, “⌘⇧K”. */
export function keyLabel(spec: KeySpec): string {
  const plus = spec.endsWith('++') || spec === '+'
  const parts = plus ? [...spec.slice(0, -1).split('+').filter(Boolean), '+'] : spec.split('+')
  const names = parts.map((part) => {
    return (isMac ? MAC_SIGNS[part] : undefined) ?? SIGNS[part] ?? wordOf(part)
  })
  return names.join(isMac ? '' : '+')
}

/** The combination for `aria-keyshortcuts`. */
export function ariaKey(spec: KeySpec): string {
  return spec.replace('Mod', isMac ? 'Meta' : 'Control')
}
