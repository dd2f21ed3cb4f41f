import { resultOf, type JobView } from '../job-view'
import { words } from './words'

/** It makes one file that has been read back; how many names it had to change is worth knowing. */
export const create: JobView = {
  words,
  hasDestination: true,
  facts(job, say) {
    const result = resultOf(job, 'create')
    if (!result) return []
    const renamed = result.renamed > 0 ? [say.word('renamed', { n: say.count(result.renamed) }, result.renamed)] : []
    return [say.written(result.files, result.bytesWritten), ...renamed]
  },
  end(job, say) {
    const size = say.bytes(resultOf(job, 'create')?.bytesWritten ?? 0)
    return {
      title: say.word('done', { name: say.fileName(job.destination), size }),
      detail: (resultOf(job, 'create')?.problems ?? 0) === 0 ? say.word('readBack') : undefined,
    }
  },
}
