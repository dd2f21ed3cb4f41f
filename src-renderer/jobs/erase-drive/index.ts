import type { JobView } from '../job-view'
import { words } from './words'

export const eraseDrive: JobView = {
  words,
  hasDestination: false,
  facts: () => [],
  end: (job, say) => ({ title: say.word('done', { drive: job.sourceName }) }),
}
