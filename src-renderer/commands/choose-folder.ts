import { desktop } from '../data/api'
import { reportErrors } from '../data/errors'
import { useDialogs, type FolderRequest } from '../data/stores/dialogs'

/** As {@link chooseFolder}, for a disc image. */
export async function chooseImage(request: FolderRequest): Promise<void> {
  if (!desktop) {
    useDialogs().show({ kind: 'folder', request })
    return
  }
  const [path] = await desktop.pickImages()
  if (path === undefined) request.cancel?.()
  else await reportErrors(() => request.submit(path))
}

/** Lets a person choose a folder: in the system's dialog on a desktop, in a browser in one of our own. */
export async function chooseFolder(request: FolderRequest): Promise<void> {
  if (!desktop) {
    useDialogs().show({ kind: 'folder', request })
    return
  }
  const path = await desktop.pickFolder(request.startAt)
  if (path === null) request.cancel?.()
  else await reportErrors(() => request.submit(path))
}
