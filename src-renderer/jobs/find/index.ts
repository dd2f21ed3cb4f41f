import { resultOf, type JobView } from '../job-view'
import { words } from './words'

/** Disc images on a disk: how many were found, and how many of them are all there. */
export const find: JobView = {
  words,
  hasDestination: false,
  facts(job, say) {
    const { findTotal } = resultOf(job, 'find') ?? { findTotal: 0 }
    return [say.word('fact', { n: say.count(findTotal) }, findTotal)]
  },
  end(job, say) {
    const result = resultOf(job, 'find')
    const n = result?.findTotal ?? 0
    const title = say.word('found', { n: say.count(n), source: job.sourceName }, n)
    return { title, detail: n > 0 ? say.word('next') : undefined }
  },
}
