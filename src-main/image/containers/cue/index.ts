import { sheetContainer } from '../disc/sheet-container'
import { openCueSheet, parseCueSheet } from './cue-sheet'

/** Cue sheets, as CDRWIN made them known. */
export const cue = sheetContainer({
  id: 'cue',
  dataExtensions: ['bin', 'img'],
  names: (text) => parseCueSheet(text).map(({ file }) => file),
  read: async (text, files) => {
    const tracks = parseCueSheet(text)
    return tracks.length === 0 ? null : openCueSheet(tracks, files)
  },
})
