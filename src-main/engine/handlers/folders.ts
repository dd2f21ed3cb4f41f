import fs from 'node:fs'
import path from 'node:path'
import { createFolder, renameItem } from '../../files/changes'
import { measureFolder } from '../../files/folder-size'
import { describePath } from '../../files/listing'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { because } from '../../../src-shared/model'
import { listPlaces } from '../../files/places'
import { assertRoomFor } from '../../sinks/room'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** Folders of this computer. */
export function folderHandlers(services: EngineServices): Domain<'folder' | 'places'> {
  const queries = () => services.queries().peer
  return {
    'folder.size': ({ path: folder }, { signal }) => measureFolder(path.resolve(folder), signal),

    'folder.rows': (request, { signal }) => queries().call('folderRows', request, signal),
    'folder.findRow': async (request, { signal }) => ({
      position: await queries().call('findFolderRow', request, signal),
    }),
    'folder.stat': ({ path: itemPath }) => describePath(itemPath),
    'folder.assertTakes': ({ path: folder, name, byteLength }) => {
      // A folder that is not there may be a slip: nothing is made of what somebody has mistyped.
      if (!fs.existsSync(folder)) throw missing(folder)
      assertRoomFor(path.join(folder, name), byteLength)
      return {}
    },
    'folder.create': async ({ path: parent, name }) => {
      const made = await createFolder(path.resolve(parent), name)
      queries().report('forgetFolder', { path: parent })
      return { path: made }
    },
    'folder.rename': async ({ path: itemPath, name }) => {
      const renamed = await renameItem(path.resolve(itemPath), name)
      queries().report('forgetFolder', { path: path.dirname(renamed) })
      return { path: renamed }
    },
    'folder.watch': ({ paths }, { client }) => {
      services.watch(client, paths)
      return {}
    },
    'places.list': () => ({ places: listPlaces() }),
  }
}

function missing(name: string): IsoldeError {
  const message = `“${name}” doesn't exist. Check the name, or connect its disk.`
  return new IsoldeError('NO_SUCH_FILE', message, because('missingFile', { name }))
}
