import { randomUUID } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { because, explainWriteError } from '../../../src-shared/model'
import { isSameObject, lookAt, type Identity } from '../../sinks/identity'
import { placeItem } from '../../sinks/placing'
import { nameOfBytes, systemPath } from '../../sinks/system-path'
import { FileAccessError } from '../listing'
import { refuse, refuseIfFull, topTrash, trashFolderFor, type TrashFolder } from './trash-folder'

/** Something in the trash, with all that bringing it back takes. */
export interface TrashedItem {
  /** Where it was. */
  from: string
  /** Where it is now. */
  to: string
  infoFile: string
  identity: Identity
  isFolder: boolean
}

/** Whether this system's trash can be used from here, and what was put there brought back. */
export const hasOwnTrash = process.platform === 'linux'

/** What a name and `.trashinfo` may have together, in bytes. */
const NAME_LIMIT = 255
const INFO_ENDING = '.trashinfo'
const NUMBERS_AT_MOST = 10_000

/**
 * Moves one file, link or folder to the trash of its own disk: by one rename, and nothing is removed. What is lost by a
 * kill is a note at most of something that is still where it was.
 * @throws {FileAccessError} why it stays where it is
 */
export function moveToTrash(itemPath: string): TrashedItem {
  const from = path.resolve(itemPath)
  try {
    const stat = fs.lstatSync(systemPath(from), { bigint: true })
    const device = Number(stat.dev)
    const trash = trashFolderFor(from, device)
    try {
      return moveInto(trash, from, stat)
    } catch (error) {
      if ((error as { code?: string }).code !== 'EXDEV') throw error
      const other = trash.top === null ? topTrash(from, device) : null
      return other ? moveInto(other, from, stat) : refuse(from)
    }
  } catch (error) {
    throw error instanceof FileAccessError ? error : explain(error, from)
  }
}

/**
 * Brings something back from the trash, under a number where its name is taken by now. The folder that it was in is made
 * again where it is gone.
 * @returns its path
 * @throws {FileAccessError} why it stays in the trash
 */
export function restoreFromTrash(item: TrashedItem): string {
  const { from, to, infoFile, identity, isFolder } = item
  try {
    const there = lookAt(to)
    if (!there || !isSameObject(there, identity))
      throw new FileAccessError(
        'NO_SUCH_FILE',
        `“${from}” is not in the trash any more.`,
        because('notInTrash', { name: from }),
      )
    const folder = path.dirname(from)
    fs.mkdirSync(systemPath(folder), { recursive: true })
    const place = (name: string): string => path.join(folder, name)
    const name = placeItem({ from: to, to: place, name: path.basename(from), isFolder }, numbers(path.basename(from)))
    if (name === null)
      throw new FileAccessError('NAME_TAKEN', `“${from}” already exists.`, because('nameExists', { name: from }))
    fs.rmSync(systemPath(infoFile), { force: true })
    return place(name)
  } catch (error) {
    throw error instanceof FileAccessError ? error : explain(error, from)
  }
}

function moveInto(trash: TrashFolder, from: string, stat: fs.BigIntStats): TrashedItem {
  if (isWithin(trash.files, from))
    throw new FileAccessError(
      'BAD_REQUEST',
      `“${from}” holds the trash itself, and cannot be moved there.`,
      because('holdsTrash', { name: from }),
    )
  if (isWithin(from, trash.files))
    throw new FileAccessError(
      'BAD_REQUEST',
      `“${from}” is in the trash already.`,
      because('inTrashAlready', { name: from }),
    )
  const { name, infoFile } = note(trash, from)
  const to = path.join(trash.files, name)
  try {
    const placement = { from, to: () => to, name, isFolder: stat.isDirectory() }
    // Its note is its own: the name is free but for what another program left without one.
    if (placeItem(placement, () => null) === null)
      throw new FileAccessError(
        'NAME_TAKEN',
        `“${to}” already exists. Empty the trash, then try again.`,
        because('nameExists', { name: to }),
      )
  } catch (error) {
    fs.rmSync(systemPath(infoFile), { force: true })
    throw error
  }
  return { from, to, infoFile, identity: { dev: stat.dev, ino: stat.ino }, isFolder: stat.isDirectory() }
}

/** Writes the note first, under a name that is nobody’s: “Trash specification”, “Contents of a trash directory”. */
function note({ files, info, top }: TrashFolder, from: string): { name: string; infoFile: string } {
  const where = top === null ? from : path.relative(top, from)
  const encoded = percentEncoded(where)
  const text = `[Trash Info]\nPath=${encoded}\nDeletionDate=${localTime(new Date())}\n`
  const next = numbers(path.basename(from))
  for (let name: string | null = fitting(path.basename(from)); name !== null; name = next()) {
    if (fs.lstatSync(systemPath(path.join(files, name)), { throwIfNoEntry: false })) continue
    const infoFile = path.join(info, name + INFO_ENDING)
    try {
      fs.writeFileSync(systemPath(infoFile), text, { flag: 'wx', mode: 0o600 })
      return { name, infoFile }
    } catch (error) {
      if ((error as { code?: string }).code === 'EEXIST') continue
      // It was made, and is empty.
      fs.rmSync(systemPath(infoFile), { force: true })
      refuseIfFull(error, from)
      throw error
    }
  }
  return refuse(from)
}

/** A path as notes have it: bytes that are no UTF-8 are themselves there. */
function percentEncoded(itemPath: string): string {
  const bytes = [...Buffer.from(systemPath(itemPath))]
  return bytes
    .map((byte) =>
      /[\w!'()*./~-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('')
}

/** Names with a number, one after the other; null after very many. */
function numbers(name: string): () => string | null {
  const { name: stem, ext } = path.parse(name)
  let number = 1
  return () => (++number > NUMBERS_AT_MOST ? null : fitting(`${stem} (${number})${ext}`))
}

function fitting(name: string): string {
  return Buffer.from(systemPath(name)).byteLength + INFO_ENDING.length > NAME_LIMIT ? randomUUID() : name
}

/** `YYYY-MM-DDThh:mm:ss`, as the clock on the wall has it. */
function localTime(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = [String(date.getFullYear()).padStart(4, '0'), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`
}

/** Whether `inner` is `outer` or below it, by what the paths lead to. */
function isWithin(inner: string, outer: string): boolean {
  const goal = lookAt(outer)
  if (!goal?.isDirectory()) return false
  let at = nameOfBytes(fs.realpathSync.native(systemPath(path.dirname(inner)), 'buffer'))
  const self = lookAt(inner)
  if (self && isSameObject(self, goal)) return true
  for (;;) {
    const here = lookAt(at)
    if (here && isSameObject(here, goal)) return true
    const up = path.dirname(at)
    if (up === at) return false
    at = up
  }
}

function explain(error: unknown, itemPath: string): FileAccessError {
  const code = (error as { code?: string }).code
  if (code === 'ENOENT')
    return new FileAccessError(
      'NO_SUCH_FILE',
      `“${itemPath}” doesn't exist any more.`,
      because('fileGone', { name: itemPath }),
    )
  if (code === 'EBUSY')
    return new FileAccessError(
      'WRITE_FAILED',
      `“${itemPath}” is in use, as a mounted disk is.`,
      because('inUse', { name: itemPath }),
    )
  const meaning = explainWriteError(error, itemPath)
  return new FileAccessError(meaning.code, meaning.message, meaning.details)
}
