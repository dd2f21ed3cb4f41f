import { settingsShape, type Settings } from '../../../src-shared/contract'

/** Valid keys are kept, others fall back to their defaults: one bad value must not cost all the others. */
export function parseSettings(value: unknown): Settings {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  const kept: Record<string, unknown> = {}
  for (const [key, shape] of Object.entries(settingsShape.shape))
    if (key in given && shape.safeParse(given[key]).success) kept[key] = given[key]
  return settingsShape.parse(kept)
}

/** How names are to be read: null where they decide themselves. */
export function charsetOf(chosen: string): string | null {
  return chosen === 'detected' ? null : chosen
}
