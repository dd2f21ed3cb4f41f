import type { Words } from '../en'
import { commands } from './commands'
import { errorWords } from './errors'
import { desktopWords } from './desktop'
import { dialogs } from './dialogs'
import { driveWords } from './drives'
import { imageJobWords } from './image-jobs'
import { images } from './images'
import { jobWords } from '../../../jobs/registry'
import { libraryWords } from './library'
import { lostImageWords } from './lost-images'
import { panes } from './panes'
import { pictures } from './pictures'
import { problems } from './problems'
import { queue } from './queue'
import { moreSettings } from './settings'
import { findingWords } from './finding'
import { helpWords } from './help'
import { historyWords } from './history'
import { placesWords } from './places'
import { archivesWords } from './archives'
import { panePairWords } from './pane-pair'
import { projectWords } from './project'
import { thingWords } from './things'
import { rescueWords } from './rescue'
import { trustWords } from './trust'

export const words: Words = {
  ...commands,
  ...panes,
  ...images,
  ...queue,
  ...dialogs,
  ...pictures,
  ...problems,
  ...errorWords,
  ...libraryWords,
  ...imageJobWords,
  ...findingWords,
  ...helpWords,
  ...historyWords,
  ...placesWords,
  ...archivesWords,
  ...panePairWords,
  ...projectWords,
  ...thingWords,
  ...rescueWords,
  ...lostImageWords,
  ...trustWords,
  ...moreSettings,
  ...desktopWords,
  ...driveWords,
  jobs: jobWords('de'),
}
