import { sheetContainer } from '../disc/sheet-container'
import { withoutExtension } from '../disc/sheet-text'
import { isCloneCd, readCloneCd } from './clone-cd'

/** CloneCD: an INI file beside sectors of 2352 bytes in an .img of the same name. */
export const ccd = sheetContainer({
  id: 'ccd',
  dataExtensions: ['img'],
  read: async (text, files) => {
    if (!isCloneCd(text)) return null
    const stem = withoutExtension(files.sheet)
    const image = await files.open(`${stem}.img`, [`${stem}.bin`, `${stem}.iso`])
    return image === null ? { tracks: [], sources: [] } : readCloneCd(text, image, files.log)
  },
})
