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

/**
 * The word that is typed to confirm what is lost: its model in one word, with the device’s own name where two drives
 * would have the same.
 */
export function confirmWord(drive: Drive, drives: readonly Drive[]): string {
  const word = (each: Drive): string => inOneWord(each.model === '' ? baseName(each.path) : each.model)
  const own = word(drive)
  const isShared = drives.some((each) => each.id !== drive.id && word(each) === own)
  return isShared ? `${own}-${inOneWord(baseName(drive.path))}` : own
}

/** Whether a word is the one that was asked for: spaces may be typed as spaces, letters as they are. */
export function isConfirmedBy(word: string, drive: Drive, drives: readonly Drive[]): boolean {
  return inOneWord(word) === confirmWord(drive, drives)
}

function inOneWord(text: string): string {
  return text.trim().replace(/[\s-]+/g, '-')
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
