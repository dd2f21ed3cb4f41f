import { compareNames, type AuthorNode } from './author-tree'

/** Why a name is another in one of the image's trees. */
export type NameReason = 'characters' | 'length' | 'taken' | 'no-text'

/** A name that is not the same in a tree of the image as where it came from. */
export interface NameChange {
  path: string
  /** The view's kind: `iso9660`, `joliet`, `enhanced`, `udf`. */
  tree: string
  /** What it is called there. */
  name: string
  reason: NameReason
}

/** What one tree allows in names. */
export interface NameRule {
  tree: string
  /** As much of a name as the tree can hold, in its characters. */
  shorten(name: string, isDirectory: boolean): { name: string; reason: NameReason | null }
  /** The same name with a number, no longer than the tree allows. */
  numbered(name: string, isDirectory: boolean, number: number): string
  /** Two names with one key cannot lie in one folder. */
  key(name: string): string
}

/**
 * The names of a folder's children in one tree. Pure: the same names give the same answer in any order, since the bytes
 * of the names decide who keeps one that several want.
 * @param isDirectory what is named as a directory: one that stands elsewhere is recorded as a file
 */
export function nameChildren(
  children: readonly AuthorNode[],
  rule: NameRule,
  isDirectory: (node: AuthorNode) => boolean = ({ kind }) => kind === 'directory',
): Map<AuthorNode, { name: string; reason: NameReason | null }> {
  const ordered = [...children].sort(compareNames)
  const named = ordered.map((node) => ({ node, ...shortened(node, rule, isDirectory(node)) }))
  const taken = new Set<string>()
  const result = new Map<AuthorNode, { name: string; reason: NameReason | null }>()
  // Names that can stay as they are come first, then those that are changed and free: no number takes one away.
  const waiting: typeof named = []
  for (const isKept of [true, false]) {
    for (const each of named) {
      if ((each.reason === null) !== isKept) continue
      const key = rule.key(each.name)
      if (taken.has(key)) {
        waiting.push(each)
        continue
      }
      taken.add(key)
      result.set(each.node, { name: each.name, reason: each.reason })
    }
  }
  const tried = new Map<string, number>()
  for (const { node, name } of waiting) {
    const unique = freeName(name, rule, isDirectory(node), taken, tried)
    taken.add(rule.key(unique))
    result.set(node, { name: unique, reason: 'taken' })
  }
  return result
}

/**
 * The name with the lowest number that nobody has.
 * @param tried the next number to try for names that look the same with numbers of as many digits: none is tried twice,
 *   however many files want one name
 */
function freeName(
  name: string,
  rule: NameRule,
  isDirectory: boolean,
  taken: ReadonlySet<string>,
  tried: Map<string, number>,
): string {
  for (let first = 1; ; first *= 10) {
    const group = rule.key(rule.numbered(name, isDirectory, first))
    let number = tried.get(group) ?? first
    let unique = rule.numbered(name, isDirectory, number)
    while (number < first * 10 && taken.has(rule.key(unique))) unique = rule.numbered(name, isDirectory, ++number)
    tried.set(group, number)
    if (number < first * 10) return unique
  }
}

function shortened(
  node: AuthorNode,
  rule: NameRule,
  isDirectory: boolean,
): { name: string; reason: NameReason | null } {
  const { name, reason } = rule.shorten(node.name, isDirectory)
  return { name, reason: node.nameBytes === null ? reason : 'no-text' }
}

/** Where a file's extension begins: the last dot, unless it is the first character. Folders have none. */
function splitName(name: string, isDirectory: boolean): { stem: string; extension: string } {
  const dot = isDirectory ? -1 : name.lastIndexOf('.')
  return dot <= 0 || dot === name.length - 1
    ? { stem: name, extension: '' }
    : { stem: name.slice(0, dot), extension: name.slice(dot + 1) }
}

/**
 * ECMA-119 7.5, 7.6 and 10: level 1 has eight characters and three, levels 2 and 3 have thirty with the extension;
 * folders have no extension.
 */
export function isoRule(level: 1 | 2 | 3): NameRule {
  const most =
    level === 1
      ? { stem: 8, extension: 3, whole: 11, directory: 8 }
      : { stem: 30, extension: 30, whole: 30, directory: 31 }
  // One `_` for each byte of what is not allowed, so that identifier and Rock Ridge name line up for readers.
  const allowed = (text: string): string =>
    Buffer.from(text, 'utf8')
      .toString('latin1')
      .replace(/[a-z]/g, upperCase)
      .replace(/[^A-Z0-9_]/g, '_')
  const fit = (stem: string, extension: string, isDirectory: boolean): string => {
    if (isDirectory) return stem.slice(0, most.directory) || '_'
    const cutExtension = extension.slice(0, Math.min(most.extension, most.whole - 1))
    const front = stem.slice(0, Math.min(most.stem, most.whole - cutExtension.length)) || '_'
    return `${front}.${cutExtension}`
  }
  return {
    tree: 'iso9660',
    shorten(name, isDirectory) {
      const { stem, extension } = splitName(name.replace(/(?<=.)\.$/, ''), isDirectory)
      const [front, cutExtension] = [allowed(stem), allowed(extension)]
      const fitted = fit(front, cutExtension, isDirectory)
      const whole = isDirectory ? front : `${front}.${cutExtension}`
      // Upper case is what this tree has instead of any.
      const hasOthers =
        front !== stem.replace(/[a-z]/g, upperCase) || cutExtension !== extension.replace(/[a-z]/g, upperCase)
      return { name: fitted, reason: hasOthers ? 'characters' : fitted === whole ? null : 'length' }
    },
    numbered(name, isDirectory, number) {
      // A file's name has its dot even where nothing follows it.
      const { stem, extension } = splitName(isDirectory ? name : name.replace(/\.$/, ''), isDirectory)
      const suffix = `_${number}`
      // However long the extension is, the number has room.
      const cutExtension = extension.slice(0, Math.min(most.extension, most.whole - suffix.length))
      const room = isDirectory ? most.directory : Math.min(most.stem, most.whole - cutExtension.length)
      return fit(stem.slice(0, room - suffix.length) + suffix, cutExtension, isDirectory)
    },
    // Readers take the dot of a name without extension away.
    key: (name) => name.replace(/\.$/, ''),
  }
}

function upperCase(letters: string): string {
  return letters.toUpperCase()
}

/** ISO 9660:1999: any characters but controls and those of paths and versions, 207 bytes; names are in UTF-8. */
export const enhancedRule: NameRule = {
  ...textRule('enhanced', 207, (text) => Buffer.byteLength(text), /[/\0-\x1f\x7f]|;(?=\d+$)/g),
  key: (name) => name.replace(/\.$/, ''),
}

/** Joliet specification: 64 characters of 16 bits (readers bear 103), without those that Windows has no use for. */
export function jolietRule(isLong: boolean): NameRule {
  return textRule('joliet', isLong ? 103 : 64, (text) => text.length, /[\0-\x1f*/:;?\\]/g, true)
}

/** UDF 2.3.4, OSTA CS0: 254 characters of 8 bits, or 127 of 16. */
export const udfRule: NameRule = textRule(
  'udf',
  254,
  (text) => (isLatin1(text) ? text.length : text.length * 2),
  /[/\0]/g,
)

export function isLatin1(text: string): boolean {
  return /^[\0-\xff]*$/.test(text)
}

function textRule(
  tree: string,
  limit: number,
  measure: (text: string) => number,
  forbidden: RegExp,
  ignoresCase = false,
): NameRule {
  const fit = (stem: string, extension: string, suffix = ''): string => {
    const cutExtension = suffix + (extension === '' ? '' : `.${extension}`)
    // An extension that leaves no room for a name is cut as part of it.
    if (measure(cutExtension) >= limit) return fit(`${stem}.${extension}`, '', suffix)
    let front = stem
    while (measure(front + cutExtension) > limit) front = withoutLast(front)
    return front + cutExtension
  }
  return {
    tree,
    shorten(name, isDirectory) {
      const { stem, extension } = splitName(name, isDirectory)
      const clean = (text: string): string => text.replace(forbidden, '_').toWellFormed()
      const fitted = fit(clean(stem), clean(extension))
      const cleaned = clean(name)
      return { name: fitted, reason: cleaned !== name ? 'characters' : fitted === name ? null : 'length' }
    },
    numbered(name, isDirectory, number) {
      const { stem, extension } = splitName(name, isDirectory)
      return fit(stem, extension, `~${number}`)
    },
    key: (name) => (ignoresCase ? name.toLowerCase() : name),
  }
}

/** Never half of a surrogate pair. */
function withoutLast(text: string): string {
  return Array.from(text).slice(0, -1).join('')
}
