/** How files are to be called where they are written. */
export interface NamePattern {
  /** `{name}` and `{ext}` of the file, `{n}` its number (more n: more digits), `{date}` of its last change. */
  pattern: string
  /** Replaced in the name first, wherever it is; empty for nothing. */
  find: string
  replace: string
}

/** What a pattern needs of a file; `modified` in milliseconds since 1970. */
export interface NamedFile {
  name: string
  /** From 1 on, in the image's order. */
  number: number
  modified: number | null
}

/** The pattern that leaves every name as it is. */
export const AS_NAMED: NamePattern = { pattern: '{name}', find: '', replace: '' }

export function changesNames({ pattern, find }: NamePattern): boolean {
  return find !== '' || pattern.trim() !== AS_NAMED.pattern
}

/** The name that a file gets. Its extension stays where the pattern does not say where it goes. */
export function nameByPattern({ pattern, find, replace }: NamePattern, { name, number, modified }: NamedFile): string {
  const dot = name.lastIndexOf('.')
  const ext = dot > 0 ? name.slice(dot + 1) : ''
  const stem = dot > 0 ? name.slice(0, dot) : name
  const changed = find === '' ? stem : stem.replaceAll(find, () => replace)
  const date = modified === null ? '' : new Date(modified).toISOString().slice(0, 10)
  const made = pattern.trim().replace(/\{(name|ext|date|n+)\}/g, (_, token: string) => {
    if (token === 'name') return changed
    if (token === 'ext') return ext
    return token === 'date' ? date : String(number).padStart(token.length, '0')
  })
  if (made.trim() === '') return name
  return ext === '' || pattern.includes('{ext}') ? made : `${made}.${ext}`
}
