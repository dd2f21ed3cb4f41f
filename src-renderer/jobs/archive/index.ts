import { resultOf, type JobView } from '../job-view'
import { words } from './words'

/** It makes one file, and the name of that is what matters. */
export const archive: JobView = {
  words,
  hasDestination: true,
  facts(job, say) {
    const result = resultOf(job, 'archive')
    return result ? [say.written(result.files, result.bytesWritten)] : []
  },
  end(job, say) {
    const size = say.bytes(resultOf(job, 'archive')?.bytesWritten ?? 0)
    return { title: say.word('done', { name: say.fileName(job.destination), size }) }
  },
}
