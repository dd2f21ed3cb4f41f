import { resultOf, type JobView } from '../job-view'
import { words } from './words'

export const compare: JobView = {
  words,
  hasDestination: false,
  isOftenQuick: true,
  facts(job, say) {
    const counts = resultOf(job, 'compare')?.counts
    if (!counts) return []
    const n = counts.added + counts.removed + counts.changed
    return [say.word('fact', { n }, n)]
  },
  end(job, say) {
    const [detail] = this.facts(job, say)
    return { title: say.word('ended', job.title.parameters), detail }
  },
}
