import { z } from 'zod'
import { imageLocation, searchFilter, type ImageLocation } from '../../../src-shared/contract'

/** Everything below a folder, however deep, is listed together. */
const isDeep = z.literal(true).optional()

/** Where a pane's tab is: nowhere yet, in a folder, inside an image, in a project, at what a search found, or at a page. Kept between starts. */
export const paneAddress = z.discriminatedUnion('kind', [
  /** With a guide: what can be done is said, whoever has done it before. */
  z.object({ kind: z.literal('start'), isGuide: z.literal(true).optional() }),
  z.object({ kind: z.literal('folder'), path: z.string(), isDeep }),
  z.object({
    kind: z.literal('image'),
    location: imageLocation,
    /** Null: the view the image itself would choose. */
    view: z.string().nullable(),
    /** Inside the view, `/`-separated; empty at its root. */
    path: z.string(),
    isDeep,
  }),
  /** An image that is being put together; `path` is inside of it, empty at its root. */
  z.object({ kind: z.literal('project'), project: z.string(), path: z.string() }),
  /** What a search found across images; nothing is asked while the text is empty. */
  z.object({ kind: z.literal('search'), filter: searchFilter.extend({ text: z.string() }) }),
  /** A page of its own, about no, one or two views of images. */
  z.object({
    kind: z.literal('page'),
    page: z.enum(['library', 'compare', 'duplicates']),
    images: z.array(z.object({ location: imageLocation, view: z.string().nullable() })).max(2),
  }),
])
export type PaneAddress = z.infer<typeof paneAddress>
export type ImageAddress = Extract<PaneAddress, { kind: 'image' }>
export type ProjectAddress = Extract<PaneAddress, { kind: 'project' }>
export type SearchAddress = Extract<PaneAddress, { kind: 'search' }>
export type PageAddress = Extract<PaneAddress, { kind: 'page' }>
/** An address whose rows a pane lists. */
export type ListedAddress = Exclude<PaneAddress, { kind: 'start' | 'page' }>

export function isListed(address: PaneAddress): address is ListedAddress {
  return address.kind !== 'start' && address.kind !== 'page'
}

/** The images that an address needs open. */
export function locationsOf(address: PaneAddress): ImageLocation[] {
  if (address.kind === 'image') return [address.location]
  return address.kind === 'page' ? address.images.map(({ location }) => location) : []
}

/** One string per image, whatever was opened of it. */
export function locationKey(location: ImageLocation): string {
  return JSON.stringify([location.kind, location.path, location.inside])
}

/** The last part of a path of this computer, whichever separator it uses. */
export function lastPart(path: string): string {
  const trimmed = path.replace(/[/\\]+$/, '')
  return trimmed.slice(Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\')) + 1) || path
}

/** The folder around a path of this computer. */
export function folderAround(path: string): string {
  const trimmed = path.replace(/[/\\]+$/, '')
  const cut = Math.max(trimmed.lastIndexOf('/'), trimmed.lastIndexOf('\\'))
  if (cut < 0) return path
  return cut === 0 ? '/' : /^[A-Za-z]:$/.test(trimmed.slice(0, cut)) ? trimmed.slice(0, cut + 1) : trimmed.slice(0, cut)
}

/** What an image is called in tabs, breadcrumbs and titles. */
export function imageName(location: ImageLocation): string {
  const inner = location.inside.at(-1)
  return inner ? lastPart(inner.path) : (location.name ?? lastPart(location.path))
}

/** How many steps into a file its first image lies: a find on a disk is the outermost one, whatever the disk holds. */
export function firstDepth({ inside }: ImageLocation): number {
  return inside[0]?.runs === undefined ? 0 : 1
}

/** The address one step up: out of a folder, out of an image into the image or folder around it. Null at the top. */
export function parentAddress(address: PaneAddress): { address: PaneAddress; from: string } | null {
  if (address.kind === 'project') {
    if (address.path === '') return null
    const cut = address.path.lastIndexOf('/')
    const path = cut < 0 ? '' : address.path.slice(0, cut)
    return { address: { ...address, path }, from: address.path.slice(cut + 1) }
  }
  if (address.kind !== 'folder' && address.kind !== 'image') return null
  if (address.isDeep) return { address: shallow(address), from: '' }
  if (address.kind === 'folder') {
    const parent = folderAround(address.path)
    return parent === address.path ? null : { address: { kind: 'folder', path: parent }, from: lastPart(address.path) }
  }
  if (address.path !== '') {
    const cut = address.path.lastIndexOf('/')
    const path = cut < 0 ? '' : address.path.slice(0, cut)
    return { address: { ...address, path }, from: address.path.slice(cut + 1) }
  }
  const { location } = address
  const inner = location.inside.at(-1)
  // What no file system leads to lies on a disk, which itself need not be an image.
  if (inner && inner.runs === undefined) {
    const cut = inner.path.lastIndexOf('/')
    return {
      address: {
        kind: 'image',
        location: { ...location, inside: location.inside.slice(0, -1) },
        view: inner.view ?? null,
        path: cut < 0 ? '' : inner.path.slice(0, cut),
      },
      from: lastPart(inner.path),
    }
  }
  if (location.kind === 'upload') return null
  return { address: { kind: 'folder', path: folderAround(location.path) }, from: lastPart(location.path) }
}

/** The folder itself of which everything is shown that lies below it. */
export function shallow<Address extends PaneAddress>(address: Address): Address {
  return { ...address, isDeep: undefined }
}

/** The path of a row in its image: of the folder that is shown, or of its own where several are shown together. */
export function entryPath({ path }: { path: string }, row: { name: string; folder?: string | undefined }): string {
  const folder = row.folder ?? path
  return folder === '' ? row.name : `${folder}/${row.name}`
}

/** Whether an address shows everything that lies below its folder. */
export function isDeepAddress(address: PaneAddress): boolean {
  return (address.kind === 'folder' || address.kind === 'image') && address.isDeep === true
}

/** Whether two addresses show the same rows. */
export function isSameAddress(a: PaneAddress, b: PaneAddress): boolean {
  if (a.kind === 'folder' && b.kind === 'folder') return a.path === b.path && a.isDeep === b.isDeep
  if (a.kind === 'image' && b.kind === 'image')
    return (
      a.isDeep === b.isDeep &&
      a.path === b.path &&
      a.view === b.view &&
      locationKey(a.location) === locationKey(b.location)
    )
  if (a.kind === 'project' && b.kind === 'project') return a.project === b.project && a.path === b.path
  return JSON.stringify(a) === JSON.stringify(b)
}

/** Where a row lies below the folder that is shown, as one reads it; empty where it lies in that itself. */
export function placeBelow(address: PaneAddress, folder: string): string {
  const base = address.kind === 'folder' || address.kind === 'image' ? address.path : ''
  const rest = folder.startsWith(base) ? folder.slice(base.length) : folder
  return rest
    .split(/[/\\]/)
    .filter((part) => part !== '')
    .join(' › ')
}
