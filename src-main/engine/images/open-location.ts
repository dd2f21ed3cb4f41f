import path from 'node:path'
import { FileByteSource, listSiblingsOf, openSiblingOf } from '../../files/file-byte-source'
import { openScratchFile } from '../../files/scratch'
import { because, type Diagnostic, type InsideStep as NamedStep } from '../../../src-shared/model'
import { openImage, type ByteSource, type DiscImage, type ImageView, type LocatedEntry } from '../../image'
import { ExtentSource } from '../../image/core/sources/extent-source'
import type { OpenedLocation } from '../../jobs/kinds/from-image/image-source'
import { UploadByteSource, type AskForSlice } from './upload-source'
import { inReadingOrder } from './view-differences'
import { unpackOnThreads } from './unpack-threads'
import { IsoldeError } from '../../../src-shared/contract/errors'

/** As in the model; `view` null: the default one. */
export type InsideStep = Omit<NamedStep, 'view'> & { view: string | null }

export interface OpenLocationOptions {
  inside?: readonly InsideStep[]
  charset?: string | null
  /** As `OpenImageOptions`: of the innermost image, and of those on the way to it. */
  listsStreams?: boolean
  signal?: AbortSignal
  onUnpackProgress?: (bytesDone: number, bytesTotal: number) => void
}

/** Where an image is, as windows and jobs say it: a file of this computer, or one that was dropped on a page. */
export interface NamedLocation {
  kind: 'path' | 'upload'
  /** For `path`, the file; for `upload`, the id that the page gave it. */
  path: string
  /** For `upload`: what the page knows of the file. */
  name?: string | undefined
  byteLength?: number | null | undefined
  inside: readonly NamedStep[]
  /** Fetches slices of a dropped file. */
  ask: AskForSlice
}

export type { OpenedLocation }

/** How deep images may lie in images. */
export const NESTING_LIMIT = 16

/**
 * Opens the image at a path, or of a dropped file, and the images inside it that `inside` names.
 * @throws {SourceError} where the file cannot be read, {@link NotAnImageError} where it is none,
 *   {@link IsoldeError} `NO_SUCH_PATH` or `NOT_A_FILE` on the way in
 */
export async function openLocation(
  location: string | NamedLocation,
  options: OpenLocationOptions = {},
): Promise<OpenedLocation> {
  if (typeof location === 'string') return openFrom(FileByteSource.open(location), location, location, options)
  const inside = location.inside.map((step) => ({ ...step, view: step.view ?? null }))
  const { kind, path: place, name, byteLength, ask } = location
  if (kind === 'path') return openFrom(FileByteSource.open(place), place, place, { ...options, inside })
  const upload = new UploadByteSource(place, name ?? 'The file', byteLength ?? 0, ask)
  return openFrom(upload, name ?? place, null, { ...options, inside })
}

/** @param name the outermost file's, for sentences @param filePath where that lies; null for a dropped one */
async function openFrom(
  file: ByteSource,
  name: string,
  filePath: string | null,
  options: OpenLocationOptions,
): Promise<OpenedLocation> {
  const steps = options.inside ?? []
  const opened: DiscImage[] = []
  const contents: ByteSource[] = []
  const files: FileByteSource[] = file instanceof FileByteSource ? [file] : []
  const openBeside = openSiblingOf(name)
  const listBeside = filePath === null ? noneBeside : listSiblingsOf(filePath)
  const openSibling = async (sibling: string): Promise<ByteSource | null> => {
    const source = await openBeside(sibling)
    if (source instanceof FileByteSource) files.push(source)
    return source
  }
  const close = async (): Promise<void> => {
    for (const image of opened.reverse()) await image.close()
    for (const content of contents.reverse()) await content.close()
    await file.close()
  }
  try {
    if (steps.length > NESTING_LIMIT)
      throw new IsoldeError(
        'BAD_REQUEST',
        `Images are opened inside one another up to ${NESTING_LIMIT} deep.`,
        because('nestedTooDeep', { limit: NESTING_LIMIT }),
      )
    const [first, ...others] = steps
    const isFind = first?.runs !== undefined
    let image = isFind
      ? await openImage(piecesOf(file, first.runs), imageOptions(first.path, options))
      : await openImage(file, imageOptions(path.basename(name), options, openSibling, listBeside))
    opened.push(image)
    for (const step of isFind ? others : steps) {
      const { content, view } = await contentAt(image, step)
      contents.push(content)
      const besides = async (sibling: string): Promise<ByteSource | null> => {
        const source = await siblingIn(view, step.path, sibling)
        if (source !== null) contents.push(source)
        return source
      }
      const listBesides = (): Promise<string[]> => siblingsIn(view, step.path)
      image = await openImage(content, imageOptions(path.posix.basename(step.path), options, besides, listBesides))
      opened.push(image)
    }
    const rewritten = (): Diagnostic[] => files.filter((one) => one.isRewritten()).map(sourceChanged)
    const containerDamage = opened.flatMap((each) => each.containerDamage)
    return { image, file, path: filePath, rewritten, containerDamage, close }
  } catch (error) {
    await close()
    throw error
  }
}

function sourceChanged({ path: of }: FileByteSource): Diagnostic {
  const message = `${of} was written to while it was being read: what was read may be part old, part new. Try again once nothing writes to it.`
  return { code: 'SOURCE_CHANGED', severity: 'damage', message }
}

/** What lies in pieces on a disk, and no file system leads to. */
function piecesOf(file: ByteSource, runs: readonly number[] = []): ByteSource {
  const byteLength = runs.reduce((sum, value, at) => (at % 2 === 0 ? sum : sum + value), 0)
  return new ExtentSource(file, runs, byteLength)
}

/** What has no name on this computer has nothing beside it. */
const nothingBeside = (): Promise<null> => Promise.resolve(null)
const noneBeside = (): Promise<string[]> => Promise.resolve([])

function imageOptions(
  name: string,
  options: OpenLocationOptions,
  openSibling: (name: string) => Promise<ByteSource | null> = nothingBeside,
  listSiblings: () => Promise<string[]> = noneBeside,
): Parameters<typeof openImage>[1] {
  return {
    name,
    openSibling,
    listSiblings,
    openScratch: openScratchFile,
    unpack: unpackOnThreads,
    ...(typeof options.charset === 'string' ? { charset: options.charset } : {}),
    ...(options.listsStreams === true ? { listsStreams: true } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onUnpackProgress ? { onUnpackProgress: options.onUnpackProgress } : {}),
  }
}

/** Without a view the default one is meant, and then those that hold what it cannot show: boot images, partitions. */
async function findIn(image: DiscImage, step: InsideStep): Promise<{ located: LocatedEntry; view: ImageView } | null> {
  const ids = step.view === null ? inReadingOrder(image.info.views).map(({ id }) => id) : [step.view]
  for (const id of ids) {
    const view = image.view(id)
    const located = await view.lookup(step.path)
    if (located) return { located, view }
  }
  return null
}

/** The file of a plain name beside another one; null without it. Names that lead anywhere else lead nowhere. */
async function siblingIn(view: ImageView, besides: string, name: string): Promise<ByteSource | null> {
  if (name === '' || name === '.' || name === '..' || name.includes('/')) return null
  return (await view.lookup(path.posix.join(path.posix.dirname(besides), name)))?.content ?? null
}

/** The names of what lies in the folder of another file. */
async function siblingsIn(view: ImageView, besides: string): Promise<string[]> {
  const folder = path.posix.dirname(besides)
  const table = await view.readFolder(folder === '.' ? '' : folder)
  return table === null
    ? []
    : Array.from({ length: table.length - 1 }, (_, index) => path.posix.basename(table.pathOf(index + 1)))
}

async function contentAt(image: DiscImage, step: InsideStep): Promise<{ content: ByteSource; view: ImageView }> {
  const found = await findIn(image, step)
  if (!found)
    throw new IsoldeError(
      'NO_SUCH_PATH',
      `There is no “${step.path}” in ${image.info.name}.`,
      because('noSuchPath', { path: step.path }),
    )
  const { content } = found.located
  if (!content)
    throw new IsoldeError(
      'NOT_A_FILE',
      `“${step.path}” in ${image.info.name} is not a file, so no image can be in it.`,
      because('noContent', { path: step.path }),
    )
  return { content, view: found.view }
}
