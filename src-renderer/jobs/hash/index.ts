import { resultOf, type JobView } from '../job-view'
import { words } from './words'

export const hash: JobView = {
  words,
  hasDestination: false,
  facts(job, say) {
    const result = resultOf(job, 'hash')
    return result ? [say.word('fact', { n: result.files }, result.files)] : []
  },
  end(job, say) {
    const { files, problems } = resultOf(job, 'hash') ?? { files: 0, problems: 0 }
    const detail = problems > 0 ? say.firstReason(job) : undefined
    return { title: say.word('done', { n: say.count(files) }), detail }
  },
}
