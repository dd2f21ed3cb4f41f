import {
  firstDepth,
  folderAround,
  imageName,
  lastPart,
  type PaneAddress,
  type ProjectAddress,
} from '../../data/rows/address'

/** One step of a breadcrumb: its name and where it leads. */
export interface Crumb {
  name: string
  address: PaneAddress
  /** The step is an image: what follows is inside of it. */
  isImage: boolean
}

/**
 * The steps to an address. Below the home folder they start there; inside an image they start at the image.
 * @param rootName what a project is called
 */
export function crumbsOf(address: PaneAddress, homeFolder: string, homeName: string, rootName = ''): Crumb[] {
  if (address.kind === 'project') return projectCrumbs(address, rootName)
  if (address.kind === 'folder') return folderCrumbs(address.path, homeFolder, homeName)
  if (address.kind !== 'image') return []
  const { location } = address
  const crumbs: Crumb[] = []
  for (let depth = firstDepth(location); depth <= location.inside.length; depth++) {
    const around = { ...location, inside: location.inside.slice(0, depth) }
    const next = location.inside[depth]
    const view = next ? (next.view ?? null) : address.view
    const inner = next ? next.path.split('/').slice(0, -1) : address.path.split('/').filter(Boolean)
    crumbs.push({
      name: imageName(around),
      isImage: true,
      address: { kind: 'image', location: around, view, path: '' },
    })
    for (const [index, name] of inner.entries()) {
      const path = inner.slice(0, index + 1).join('/')
      crumbs.push({ name, isImage: false, address: { kind: 'image', location: around, view, path } })
    }
  }
  return crumbs
}

function projectCrumbs(address: ProjectAddress, rootName: string): Crumb[] {
  const names = address.path.split('/').filter(Boolean)
  const root = { name: rootName, isImage: false, address: { ...address, path: '' } }
  const below = names.map((name, index) => ({
    name,
    isImage: false,
    address: { ...address, path: names.slice(0, index + 1).join('/') },
  }))
  return [root, ...below]
}

function folderCrumbs(path: string, homeFolder: string, homeName: string): Crumb[] {
  const crumbs: Crumb[] = []
  for (let at = path; ; at = folderAround(at)) {
    const isHome = at === homeFolder
    crumbs.unshift({ name: isHome ? homeName : lastPart(at), isImage: false, address: { kind: 'folder', path: at } })
    if (isHome || folderAround(at) === at) return crumbs
  }
}

/** What the path bar shows for editing, and takes back. */
export function pathText(address: PaneAddress): string {
  if (address.kind === 'folder') return address.path
  return address.kind === 'image' || address.kind === 'project' ? `/${address.path}` : ''
}
