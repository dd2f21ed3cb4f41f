import { writtenFilesView } from '../written-files'
import { words } from './words'

export const extract = writtenFilesView('extract', words)
