import path from 'node:path'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { hasOwnTrash } from '../../files/trash/trash'
import type { Domain } from './handler-types'
import { TrashHistory } from './trash-history'

export function trashHandlers(): Domain<'trash'> {
  const trash = new TrashHistory()
  return {
    'trash.move': ({ paths }) => {
      if (!hasOwnTrash) throw new IsoldeError('UNSUPPORTED_HERE', 'The trash of this system is the desktop’s to use.')
      return trash.move(paths.map((itemPath) => path.resolve(itemPath)))
    },
    'trash.undo': ({ undo }) => trash.undo(undo),
  }
}
