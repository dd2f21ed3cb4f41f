import { resultOf, type JobView } from '../job-view'
import { words } from './words'

export const duplicates: JobView = {
  words,
  hasDestination: false,
  isOftenQuick: true,
  facts(job, say) {
    const result = resultOf(job, 'duplicates')
    return result ? [say.word('fact', { size: say.bytes(result.provenBytes) })] : []
  },
  end(job, say) {
    const [detail] = this.facts(job, say)
    return { title: say.word(job.title.code === 'title' ? 'ended' : 'everywhereEnded', job.title.parameters), detail }
  },
}
