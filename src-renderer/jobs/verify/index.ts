import { resultOf, type JobView } from '../job-view'
import { words } from './words'

export const verify: JobView = {
  words,
  hasDestination: false,
  facts(job, say) {
    const result = resultOf(job, 'verify')
    // Of what did not pass the line says how many problems there are.
    return result?.problems === 0 ? [say.word('fact', { n: result.sums }, result.sums)] : []
  },
  end(job, say) {
    const { sums, problems } = resultOf(job, 'verify') ?? { sums: 0, problems: 0 }
    const { sourceName: source } = job
    if (problems > 0) {
      const title = say.word('notPassed', { source, n: say.count(problems) }, problems)
      return { title, detail: say.firstReason(job) }
    }
    if (sums === 0) return { title: say.word('nothing', { source }) }
    return { title: say.word('passed', { source, n: say.count(sums) }, sums) }
  },
}
