/**
 * Names as a disc records them, turned into names that the target system takes and that mean nothing special there.
 * Pure: it knows rules, not disks.
 */
export interface NameRules {
  readonly platform: 'posix' | 'darwin' | 'win32'
  /** Whether names that differ only in case or normal form are one name at the destination. */
  readonly foldsCase: boolean
}

export function nameRulesFor(platform: NodeJS.Platform, foldsCase = platform !== 'linux'): NameRules {
  if (platform === 'win32') return { platform: 'win32', foldsCase }
  return { platform: platform === 'darwin' ? 'darwin' : 'posix', foldsCase }
}

/** ext4, APFS, NTFS, exFAT: 255 units each; bytes of UTF-8 on Linux, UTF-16 units elsewhere. Some room for ` (99)`. */
const NAME_LIMIT = 255

/**
 * What Win32 takes for a device whatever follows the first dot. The superscript digits count too
 * (“Naming Files, Paths, and Namespaces”).
 */
const DEVICE_NAME = /^(?:con|prn|aux|nul|conin\$|conout\$|clock\$|(?:com|lpt)[0-9¹²³])(?:[ ]*\..*|[ ]*:.*|[ ]*)$/i
// C0, DEL and C1: invisible in every list, and newlines break whatever reads lists of names.
const CONTROLS = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f]', 'g')
const WINDOWS_RESERVED = /[<>:"/\\|?*]/g
const PLAIN = /^[A-Za-z0-9_-][A-Za-z0-9_ .-]{0,60}[A-Za-z0-9_-]$/

/** One component of a path, made safe. The same name comes back where nothing was wrong with it. */
export function safeName(name: string, rules: NameRules): string {
  if (PLAIN.test(name) && (rules.platform !== 'win32' || !DEVICE_NAME.test(name))) return name
  let safe = name.toWellFormed().replace(CONTROLS, '_').replaceAll('/', '_')
  if (rules.platform === 'darwin') safe = safe.replaceAll(':', '_')
  if (rules.platform === 'win32') {
    safe = safe.replace(WINDOWS_RESERVED, '_').replace(/[. ]+$/, (tail) => '_'.repeat(tail.length))
    if (DEVICE_NAME.test(safe)) safe = `_${safe}`
  }
  if (safe === '' || safe === '.' || safe === '..') safe = safe === '' ? '_' : safe.replaceAll('.', '_')
  return nameUnits(safe, rules) > NAME_LIMIT ? shorten(safe, rules) : safe
}

/** How two names are compared at the destination: equal keys are one file. */
export function collisionKey(name: string, rules: NameRules): string {
  return rules.foldsCase ? name.normalize('NFC').toUpperCase().toLowerCase() : name
}

/** `name (2).ext`: the name that “keep both” gives. @param ordinal from 2 */
export function numberedName(name: string, ordinal: number, rules: NameRules): string {
  const { stem, extension } = splitExtension(name)
  const suffix = ` (${ordinal})${extension}`
  const numbered = `${stem}${suffix}`
  if (nameUnits(numbered, rules) <= NAME_LIMIT) return numbered
  return `${takeUnits(stem, NAME_LIMIT - nameUnits(suffix, rules), rules)}${suffix}`
}

/** The first of `name`, `name (2)`, `name (3)` … that `isTaken` does not know. */
export function freeName(name: string, isTaken: (candidate: string) => boolean, rules: NameRules): string {
  if (!isTaken(name)) return name
  for (let ordinal = 2; ; ordinal++) {
    const candidate = numberedName(name, ordinal, rules)
    if (!isTaken(candidate)) return candidate
  }
}

/**
 * Free names in one folder, one after another: for thousands that want the same one, counting goes on where it was
 * instead of beginning again. Names may become taken meanwhile, never free.
 */
export class FreeNames {
  /** The ordinal that was given last, by what was asked for. */
  private readonly ordinals = new Map<string, number>()

  /** @param isTaken whether a name is not free, one that was given here included */
  constructor(
    private readonly rules: NameRules,
    private readonly isTaken: (candidate: string) => boolean,
  ) {}

  /** As {@link freeName}. */
  next(name: string): string {
    const { rules, isTaken } = this
    if (!isTaken(name)) return name
    const key = collisionKey(name, rules)
    for (let ordinal = (this.ordinals.get(key) ?? 1) + 1; ; ordinal++) {
      const candidate = numberedName(name, ordinal, rules)
      if (isTaken(candidate)) continue
      this.ordinals.set(key, ordinal)
      return candidate
    }
  }
}

/** `a.tar.gz` keeps `.gz` only: what follows the last dot, if it looks like an extension and something precedes it. */
export function splitExtension(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.')
  if (dot <= 0 || name.length - dot > 16) return { stem: name, extension: '' }
  return { stem: name.slice(0, dot), extension: name.slice(dot) }
}

/** Long names keep their beginning and extension; a digest of the whole keeps two alike ones apart. */
function shorten(name: string, rules: NameRules): string {
  const { stem, extension } = splitExtension(name)
  const tail = `~${digest(name)}${extension}`
  return `${takeUnits(stem, NAME_LIMIT - nameUnits(tail, rules), rules)}${tail}`
}

function nameUnits(name: string, rules: NameRules): number {
  return rules.platform === 'posix' ? Buffer.byteLength(name, 'utf8') : name.length
}

/** As many whole characters of `text` as fit into `limit` units. */
function takeUnits(text: string, limit: number, rules: NameRules): string {
  let used = 0
  let kept = ''
  for (const character of text) {
    used += nameUnits(character, rules)
    if (used > limit) break
    kept += character
  }
  return kept
}

/** FNV-1a over UTF-16 units, eight hexadecimal digits: for telling names apart, not for security. */
function digest(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}
