import { writtenFilesView } from '../written-files'
import { words } from './words'

export const copy = writtenFilesView('copy', words)
