import { call } from '../api'
import { isComputerPath, readImagePath, readTypedPath, type TypedPathContext } from './typed-path'

/** Where a text that is being typed may lead: the folder that is shown, and the image that it lies in, if any. */
export interface CompletionPlace {
  computer: TypedPathContext
  image: { image: number; generation: number; view: string; path: string } | null
}

/** More would not be read. */
const SHOWN = 12
/** Enough that a dozen fitting ones are among them even where many names differ only in their case. */
const LOOKED_AT = 200

/**
 * What a path that is being typed may go on as: folders and disc images whose names begin like its last part, each as
 * the whole text that would be typed. Nothing where its folder is not there, or is not to be read.
 */
export async function completionsOf(
  typed: string,
  { computer, image }: CompletionPlace,
  signal?: AbortSignal,
): Promise<string[]> {
  const { before, begun } = parted(typed, computer.separator)
  if (before === '' && begun === '') return []
  // A name may hold what a mask means something by.
  const mask = `${begun.replaceAll(/[^\p{L}\p{N} ._-]/gu, '?')}*`
  const fits = ({ name }: { name: string }): boolean => name.toLowerCase().startsWith(begun.toLowerCase())
  const inImage = async (): Promise<string[]> => {
    if (image === null || isComputerPath(typed)) return []
    const { path, ...at } = image
    const folder = readImagePath(before, path)
    const directory = folder === '' ? 0 : (await call('entry.resolve', { ...at, path: folder }, { signal })).entry
    const { rows } = await call('image.rows', { ...at, directory, mask, limit: LOOKED_AT }, { signal })
    return rows.filter((row) => row.kind === 'directory' && fits(row)).map(({ name }) => `${before}${name}/`)
  }
  const onComputer = async (): Promise<string[]> => {
    const path = before === '' ? computer.folder : readTypedPath(before, computer)
    const showHidden = begun.startsWith('.')
    const { rows } = await call('folder.rows', { path, mask, showHidden, limit: LOOKED_AT }, { signal })
    return rows
      .filter((row) => (row.kind === 'directory' || row.looksLikeImage) && fits(row))
      .map(({ name, kind }) => `${before}${name}${kind === 'directory' ? computer.separator : ''}`)
  }
  // What the image does not have may be meant of the computer, as when the path is gone to.
  const isEither = image === null || isComputerPath(typed) || typed.startsWith('/')
  const own = await inImage().catch(() => [])
  const found = own.length > 0 || !isEither ? own : await onComputer().catch(() => [])
  return found.slice(0, SHOWN)
}

/** A text up to its last separator, and the beginning of a name behind it. */
function parted(typed: string, separator: string): { before: string; begun: string } {
  const at = Math.max(typed.lastIndexOf('/'), separator === '\\' ? typed.lastIndexOf('\\') : -1) + 1
  return { before: typed.slice(0, at), begun: typed.slice(at) }
}
