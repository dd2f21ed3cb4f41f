import { resultOf, type JobView } from '../job-view'
import { words } from './words'

/** Copies of found images: how many there are, and which of them did not pass its checks. */
export const saveFinds: JobView = {
  words,
  hasDestination: true,
  facts(job, say) {
    const result = resultOf(job, 'save-finds')
    return result ? [say.bytes(result.bytesWritten)] : []
  },
  end(job, say) {
    const { saved, problems } = resultOf(job, 'save-finds') ?? { saved: [], problems: 0 }
    const title = say.word('saved', { n: say.count(saved.length), folder: say.fileName(job.destination) }, saved.length)
    return { title, detail: say.word('checked', { n: say.count(problems) }, problems) }
  },
}
