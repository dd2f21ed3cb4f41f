import { commands } from './commands'
import { desktopWords } from './desktop'
import { dialogs } from './dialogs'
import { imageJobWords } from './image-jobs'
import { images } from './images'
import { jobWords } from '../../../jobs/registry'
import { libraryWords } from './library'
import { panes } from './panes'
import { pictures } from './pictures'
import { problems } from './problems'
import { queue } from './queue'
import { moreSettings } from './settings'

/** Every word of the window. The other languages have the same keys; a test holds them to it. */
export const en = {
  ...commands,
  ...panes,
  ...images,
  ...queue,
  ...dialogs,
  ...pictures,
  ...problems,
  ...libraryWords,
  ...imageJobWords,
  ...moreSettings,
  ...desktopWords,
  jobs: jobWords('en'),
}

export type Words = typeof en
