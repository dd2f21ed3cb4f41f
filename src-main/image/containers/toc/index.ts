import { sheetContainer } from '../disc/sheet-container'
import { openToc, parseToc } from './cdrdao-toc'

/** cdrdao’s tables of contents. */
export const toc = sheetContainer({
  id: 'toc',
  dataExtensions: ['bin'],
  names: (text) => parseToc(text).flatMap(({ parts }) => parts.flatMap(({ file }) => file ?? [])),
  read: async (text, files) => {
    const tracks = parseToc(text)
    return tracks.length === 0 ? null : openToc(tracks, files)
  },
})
