import { sheetContainer } from '../disc/sheet-container'
import { openGdi, parseGdi } from './gdi-sheet'

/** The tracks of a GD-ROM, one file each. */
export const gdi = sheetContainer({
  id: 'gdi',
  dataExtensions: ['bin'],
  names: (text) => parseGdi(text).map(({ file }) => file),
  read: async (text, files) => {
    const tracks = parseGdi(text)
    return tracks.length === 0 ? null : openGdi(tracks, files)
  },
})
