import type { OwnKeys } from '../../src-shared/contract'
import { isFixed, rejectionOf } from './key-rules'
import type { KeySpec } from '../base/keys'

/** As much of a command as its keys need. */
interface Keyed {
  id: string
  keys: KeySpec[]
  /** Its original keys stand for other commands as well. */
  sharesKeys?: true
}

/**
 * Which keys each command has now. What a person gave away is gone from where it was; no key is with two of them, but for
 * those that say that they share it.
 */
export function resolveKeys(commands: readonly Keyed[], own: OwnKeys): Map<string, KeySpec[]> {
  const taken = new Set<KeySpec>()
  const take = (keys: readonly KeySpec[]): KeySpec[] => keys.filter((key) => !taken.has(key) && taken.add(key))
  const given = new Map<string, KeySpec[]>()
  // What cannot be changed comes first, then what was wished for, then what nobody said anything about.
  for (const { id, keys, sharesKeys } of commands)
    given.set(id, sharesKeys === true ? keys.filter(isFixed) : take(keys.filter(isFixed)))
  for (const { id } of commands) given.get(id)?.push(...take((own[id] ?? []).filter((key) => isAllowed(key))))
  const wished = new Set(Object.values(own).flat())
  for (const { id, keys, sharesKeys } of commands) {
    if (Object.hasOwn(own, id)) continue
    const list = given.get(id) ?? []
    list.push(...(sharesKeys === true ? keys.filter((key) => !wished.has(key) && !list.includes(key)) : take(keys)))
  }
  for (const { id, keys } of commands) if (!Object.hasOwn(own, id)) sortAs(given.get(id) ?? [], keys)
  return given
}

const isAllowed = (key: KeySpec): boolean => rejectionOf(key, false) === null

function sortAs(list: KeySpec[], order: readonly KeySpec[]): void {
  list.sort((a, b) => order.indexOf(a) - order.indexOf(b))
}

/** The wishes, with one command's changeable keys set; as nothing where they are the original ones. */
export function withKeys(own: OwnKeys, command: Keyed, keys: readonly KeySpec[]): OwnKeys {
  const wished = [...new Set(keys.filter((key) => !isFixed(key)))]
  const original = command.keys.filter((key) => !isFixed(key))
  const isOriginal = wished.length === original.length && wished.every((key) => original.includes(key))
  const others = Object.fromEntries(Object.entries(own).filter(([id]) => id !== command.id))
  return isOriginal ? others : { ...others, [command.id]: wished }
}
