import { isTreeOfFiles, looksLikeImage } from '../../src-shared/model'
import { openImage, streamIn, type ByteSource, type DiscImage, type EntryTable, type ImageView } from '../image'
import { readWindowsEditions } from './windows'

/** An image that lies in an image, in words that people have for it. */
export interface Carried {
  path: string
  byteLength: number
  /**
   * `windows`: an installation file of Windows; `linux`: the files of a Linux system; `ram-disk`: what Linux starts from;
   * `uefi`: what UEFI starts from; `image`: any other disc or disk image.
   */
  kind: 'windows' | 'linux' | 'ram-disk' | 'uefi' | 'image'
  /** Editions of Windows, or the system’s own name; empty where nothing says. */
  names: string[]
  /** For people: what it is read as. */
  format: string
}

/** Smaller files hold nothing worth going into. In bytes. */
const LEAST_BYTES = 64 << 10
/** An archive of ten thousand images is told from its list. */
const MOST_CANDIDATES = 400
/** Where installers and live systems keep what they are made of, and how it is called there. */
const KNOWN_PLACE =
  /^(?:.*\/)?(?:casper|live|liveos|install|images?|boot|sources|arch|isolinux|efi|antix|porteus)\/[^.]*$/i
const KNOWN_NAME =
  /^(?:.*\/)?(?:(?:initrd|initramfs|rootfs|airootfs|filesystem|minimal|stage2|modloop|minirt)\b[^/]*|[^/]+\.(?:sfs|squashfs|sqfs|erofs|sb|xzm|module|efi\.img))$/i
/** A kernel begins like a disk; it is none. */
const PROGRAM = /(?:^|\/)(?:vmlinu[xz]|bzimage|linux|kernel|memtest|mboot|xen)[^/]*$|\.(?:efi|exe|dll|c32)$/i
const OS_RELEASE = ['usr/lib/os-release', 'etc/os-release']
const TEXT_LIMIT = 64 << 10

/** A file that may be an image. */
export type Candidate = Pick<Carried, 'path' | 'byteLength'>

/** The images that an image carries; see {@link candidatesIn} and {@link findAmong}. */
export function findCarried(view: ImageView, table: EntryTable, signal?: AbortSignal): Promise<Carried[]> {
  return findAmong(view, candidatesIn(table), signal)
}

/**
 * Those among the candidates of a view that are images: told by their content, a few kilobytes of each. Never throws for
 * what is no image, or damaged.
 */
export async function findAmong(
  view: ImageView,
  candidates: readonly Candidate[],
  signal?: AbortSignal,
): Promise<Carried[]> {
  const found: Carried[] = []
  for (const candidate of candidates) {
    signal?.throwIfAborted()
    const content = (await view.lookup(candidate.path))?.content ?? null
    if (content === null) continue
    try {
      const told = await look(content, candidate.path)
      if (told !== null) found.push({ ...candidate, ...told })
    } catch {
      // No image, or one that cannot be read: whoever enters it is told why.
    } finally {
      await content.close()
    }
  }
  return found
}

/** What may be an image in a tree, by its place, its name and its length. */
export function candidatesIn(table: EntryTable): Candidate[] {
  const named: Candidate[] = []
  const placed: Candidate[] = []
  for (let entry = 1; entry < table.length && named.length < MOST_CANDIDATES; entry++) {
    if (table.kindOf(entry) !== 'file' || table.byteLengthOf(entry) < LEAST_BYTES) continue
    if (table.statusOf(entry) === 'lost') continue
    const path = table.pathOf(entry)
    if (PROGRAM.test(path)) continue
    const candidate = { path, byteLength: table.byteLengthOf(entry) }
    if (looksLikeImage(path) || KNOWN_NAME.test(path)) named.push(candidate)
    else if (placed.length < MOST_CANDIDATES && KNOWN_PLACE.test(path)) placed.push(candidate)
  }
  // What is told by its place alone is mostly something else.
  return [...named, ...placed].slice(0, MOST_CANDIDATES)
}

type Told = Omit<Carried, 'path' | 'byteLength'>

async function look(content: ByteSource, path: string): Promise<Told | null> {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const editions = await readWindowsEditions(content)
  if (editions.length > 0)
    return { kind: 'windows', names: [...new Set(editions.map((edition) => edition.name))], format: 'WIM' }
  const stream = await streamIn(content, name)
  // What is packed as a whole would have to be unpacked first.
  if (stream !== null)
    return stream === 'initrd' ? { kind: 'ram-disk', names: [], format: stream } : packed(name, stream)
  const image = await openImage(content, { name })
  try {
    return await report(image)
  } finally {
    await image.close()
  }
}

function packed(name: string, stream: string): Told | null {
  return looksLikeImage(name) ? { kind: 'image', names: [], format: stream } : null
}

async function report(image: DiscImage): Promise<Told | null> {
  const trees = image.info.views.filter(isTreeOfFiles)
  const first = trees.find(({ isDefault }) => isDefault) ?? trees[0]
  if (first === undefined) return { kind: 'image', names: [], format: image.info.views[0]?.format ?? '' }
  const view = image.view(first.id)
  if (first.kind === 'cpio') return { kind: 'ram-disk', names: [], format: first.format }
  const system = await linuxIn(view)
  if (system !== null) return { kind: 'linux', names: system === '' ? [] : [system], format: first.format }
  if (first.kind === 'fat' && (await view.lookup('EFI')) !== null)
    return { kind: 'uefi', names: [], format: first.format }
  const { label } = image.info
  return { kind: 'image', names: label === '' ? [] : [label], format: first.format }
}

/** What a Linux system calls itself; empty where it does not say, null where it is none. */
async function linuxIn(view: ImageView): Promise<string | null> {
  for (const path of OS_RELEASE) {
    const located = await view.lookup(path)
    if (!located?.content || located.entry.byteLength > TEXT_LIMIT) continue
    const text = new TextDecoder().decode(await located.content.read(0, located.entry.byteLength))
    await located.content.close()
    return /^PRETTY_NAME=["']?([^"'\n]*)/m.exec(text)?.[1]?.trim() ?? ''
  }
  const isSystem = (await view.lookup('etc')) !== null && (await view.lookup('usr')) !== null
  return isSystem ? '' : null
}
