import type { Drive } from './drive'

/** What a drive is known by between the question and the moment it is opened. */
export interface DriveIdentity {
  id: string
  path: string
  byteLength: number
  model: string
  serial: string
  diskSequence: string | null
}

export function identityOf({ id, path, byteLength, model, serial, diskSequence }: Drive): DriveIdentity {
  return { id, path, byteLength, model, serial, diskSequence }
}

/** What is not as it was confirmed, in words; null where it is the same drive with the same medium in it. */
export function differenceOf(confirmed: DriveIdentity, found: DriveIdentity): string | null {
  if (confirmed.path !== found.path || confirmed.id !== found.id) return 'it is another device now'
  if (confirmed.byteLength !== found.byteLength)
    return `it has ${found.byteLength} bytes now, and had ${confirmed.byteLength}`
  if (confirmed.model !== found.model) return `it is “${found.model}” now, and was “${confirmed.model}”`
  if (confirmed.serial !== found.serial) return 'its serial number is another one'
  if (confirmed.diskSequence !== found.diskSequence) return 'it was taken out and put in again'
  return null
}

/** What people call a drive. */
export function driveName({ model, path }: Pick<Drive, 'model' | 'path'>): string {
  return model === '' ? path : model
}

/** The words that may be asked for, from what is easiest to type to what no other drive has. */
const WORDS: readonly ((drive: Drive) => string)[] = [
  ({ model, path }) => inOneWord(model === '' ? baseName(path) : model),
  (drive) => (drive.model === '' ? inOneWord(drive.path) : inOneWord(`${drive.model} ${baseName(drive.path)}`)),
  ({ model, path }) => inOneWord(`${model} ${path}`),
  // Paths that differ by no more than what is left out of a word are told apart by what they are to the system.
  ({ path, id }) => inOneWord(`${path} ${id}`),
]

/**
 * The word that is typed to confirm what is lost: its model in one word, with the device’s own name where two drives
 * would have the same, or all of its path.
 */
export function confirmWord(drive: Drive, drives: readonly Drive[]): string {
  const all = [drive, ...drives.filter(({ id }) => id !== drive.id)]
  let levels = all.map(() => 0)
  for (;;) {
    const words = all.map((each, index) => wordAt(each, levels[index] ?? 0))
    // All that share a word get a longer one, which may be the one that another drive has had so far.
    const next = levels.map((level, index) => {
      const word = words[index] ?? ''
      const isOwn = word !== '' && words.indexOf(word) === words.lastIndexOf(word)
      return isOwn ? level : Math.min(level + 1, WORDS.length - 1)
    })
    if (next.every((level, index) => level === levels[index])) return words[0] ?? ''
    levels = next
  }
}

function wordAt(drive: Drive, level: number): string {
  return WORDS[level]?.(drive) ?? ''
}

/** Whether a word is the one that was asked for: spaces may be typed as spaces, letters as they are. */
export function isConfirmedBy(word: string, drive: Drive, drives: readonly Drive[]): boolean {
  return inOneWord(word) === confirmWord(drive, drives)
}

/** Without what a shell would take for something else: it stands between quotation marks in what is printed. */
function inOneWord(text: string): string {
  return text.replace(/[\s"'`$\\!-]+/g, '-').replace(/^-|-$/g, '')
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
