import { writtenFilesView } from '../written-files'
import { words } from './words'

export const move = writtenFilesView('move', words)
