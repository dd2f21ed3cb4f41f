import { resultOf, type JobView } from '../job-view'
import { words } from './words'

export const verify: JobView = {
  words,
  hasDestination: false,
  facts(job, say) {
    const result = resultOf(job, 'verify')
    return result ? [say.word('fact', { n: result.sums }, result.sums)] : []
  },
  end(job, say) {
    const { sums, problems } = resultOf(job, 'verify') ?? { sums: 0, problems: 0 }
    const { sourceName: source } = job
    if (problems > 0) {
      const title = say.word('notPassed', { source, n: say.count(problems) }, problems)
      return { title, detail: job.problems[0]?.message }
    }
    if (sums === 0) return { title: say.word('nothing', { source }) }
    return { title: say.word('passed', { source, n: say.count(sums) }, sums) }
  },
}
