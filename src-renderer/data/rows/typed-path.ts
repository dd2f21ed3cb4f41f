/** What a typed path is read by. */
export interface TypedPathContext {
  homeFolder: string
  /** The folder that a path without a beginning starts from. */
  folder: string
  /** Between the parts of this computer's paths. */
  separator: string
}

/** Whether a text can only mean a place of this computer, wherever it is typed. */
export function isComputerPath(typed: string): boolean {
  return /^(?:~(?=$|[/\\])|file:|[A-Za-z]:[\\/]|\\\\)/i.test(unquoted(typed))
}

/**
 * The path of this computer that a person means: as it stands, from home on (`~`), from the folder that is shown on, in
 * quotes as a shell has it, or as the address of a file (`file:///home/a%20b`).
 */
export function readTypedPath(typed: string, { homeFolder, folder, separator }: TypedPathContext): string {
  const text = unquoted(typed)
  if (/^file:/i.test(text)) return pathOfUrl(text, separator) ?? text
  if (/^~(?=$|[/\\])/.test(text)) return homeFolder + text.slice(1)
  if (/^(?:[/\\]|[A-Za-z]:)/.test(text)) return text
  return `${folder.endsWith(separator) ? folder : folder + separator}${text}`
}

/** Where a text leads inside of an image, without separators at its ends. @param folder the one that is shown */
export function readImagePath(typed: string, folder: string): string {
  const text = unquoted(typed)
  // Names with a backslash are rarer than people who write paths with it.
  const path = text.includes('/') ? text : text.replaceAll('\\', '/')
  const isFromHere = /^\.{1,2}(?=$|\/)/.test(path)
  const parts: string[] = isFromHere ? folder.split('/').filter(Boolean) : []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

function unquoted(typed: string): string {
  const text = typed.trim()
  return /^(["']).*\1$/.test(text) && text.length > 2 ? text.slice(1, -1) : text
}

function pathOfUrl(text: string, separator: string): string | null {
  try {
    const { hostname, pathname } = new URL(text)
    const path = decodeURIComponent(pathname)
    if (separator !== '\\') return path
    const own = path.replaceAll('/', '\\')
    return hostname === '' ? own.replace(/^\\(?=[A-Za-z]:)/, '') : `\\\\${hostname}${own}`
  } catch {
    return null
  }
}
