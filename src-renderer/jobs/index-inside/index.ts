import { resultOf, type JobView } from '../job-view'
import { words } from './words'

export const indexInside: JobView = {
  words,
  hasDestination: false,
  isOftenQuick: true,
  facts(job, say) {
    const result = resultOf(job, 'index-inside')
    return result ? [say.word('fact', { n: say.count(result.images) }, result.images)] : []
  },
  end(job, say) {
    const [detail] = this.facts(job, say)
    return { title: say.word('ended', job.title.parameters), detail }
  },
}
