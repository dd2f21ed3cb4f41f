import { firstView } from './first-view'
import { useSettings } from '../stores/settings'
import { call } from '../api'
import { ROW_WINDOW_LIMIT, type OpenedImage, type Sorting } from '../../../src-shared/contract'
import { entryPath, shallow, type PaneAddress } from './address'

/** A folder in the tree: where it leads. */
export interface TreeFolder {
  name: string
  address: PaneAddress
}

/** Folders come first: the reading stops at the first row that is none. */
const BY_NAME: Sorting = { column: 'name', descending: false, foldersFirst: true }

/** The folders directly below an address, by name. */
export async function foldersBelow(
  address: PaneAddress,
  open: (address: PaneAddress) => Promise<OpenedImage>,
  showHidden: boolean,
): Promise<TreeFolder[]> {
  if (address.kind === 'project') {
    const { project, path } = address
    const { rows } = await call('project.rows', { project, path, sort: BY_NAME, limit: ROW_WINDOW_LIMIT })
    return rows
      .filter((row) => row.kind === 'directory')
      .map((row) => ({ name: row.name, address: { ...address, path: entryPath(address, row) } }))
  }
  if (address.kind !== 'folder' && address.kind !== 'image') return []
  if (address.kind === 'folder') {
    const { rows } = await call('folder.rows', {
      path: address.path,
      sort: BY_NAME,
      showHidden,
      limit: ROW_WINDOW_LIMIT,
    })
    return rows
      .filter((row) => row.kind === 'directory')
      .map((row) => ({ name: row.name, address: { kind: 'folder', path: row.path } }))
  }
  const { image, generation, info } = await open(address)
  const view = address.view ?? firstView(info, useSettings().current.viewRule)
  const directory =
    address.path === '' ? 0 : (await call('entry.resolve', { image, generation, view, path: address.path })).entry
  const { rows } = await call('image.rows', {
    image,
    generation,
    view,
    directory,
    sort: BY_NAME,
    limit: ROW_WINDOW_LIMIT,
  })
  return rows
    .filter((row) => row.kind === 'directory')
    .map((row) => ({
      name: row.name,
      address: { ...shallow(address), path: entryPath(address, row) },
    }))
}
