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

/** From what is easiest to type to what no other drive has; each in one word. */
const WORDS: readonly ((drive: Drive) => string)[] = [
  ({ model, path }) => inOneWord(model === '' ? baseName(path) : model),
  (drive) => (drive.model === '' ? inOneWord(drive.path) : inOneWord(`${drive.model} ${baseName(drive.path)}`)),
  ({ model, path }) => inOneWord(`${model} ${path}`),
]

/**
 * The word that is typed to confirm what is lost: its model in one word, with the device’s own name where two drives
 * would have the same, or all of its path.
 */
export function confirmWord(drive: Drive, drives: readonly Drive[]): string {
  const words = WORDS.map((word) => ({
    own: word(drive),
    others: drives.filter(({ id }) => id !== drive.id).map(word),
  }))
  // Paths that differ by no more than what is left out of a word are told apart by what they are to the system.
  return (
    words.find(({ own, others }) => own !== '' && !others.includes(own))?.own ?? inOneWord(`${drive.path} ${drive.id}`)
  )
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
