/**
 * Names from an image become path segments, so they must not hold a separator or NUL, be empty, or mean this or the
 * parent directory. Anything else (device names, controls, bidi marks) is the business of whoever writes or shows them.
 */
export function safeName(name: string): string {
  if (name === '' || name === '.') return '_'
  if (name === '..') return '__'
  // eslint's no-control-regex forbids NUL in a pattern; replaceAll says the same.
  return name.replaceAll('/', '_').replaceAll('\0', '_')
}

/** Gives names that are taken already a suffix: `name~2`, `name~3`, in the order in which they are asked for. */
export class UniqueNames {
  private readonly taken = new Set<string>()
  private readonly nextByName = new Map<string, number>()

  reserve(name: string): boolean {
    if (this.taken.has(name)) return false
    this.taken.add(name)
    return true
  }

  claim(name: string): string {
    if (this.reserve(name)) return name
    for (let number = this.nextByName.get(name) ?? 2; ; number++) {
      const candidate = `${name}~${number}`
      if (this.reserve(candidate)) {
        this.nextByName.set(name, number + 1)
        return candidate
      }
    }
  }
}
