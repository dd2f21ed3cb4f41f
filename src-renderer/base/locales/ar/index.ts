import type { Words } from '../en'
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

export const words: Words = {
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
  jobs: jobWords('ar'),
}
