import { resultOf, type JobView } from '../job-view'
import { words } from './words'

/** It writes the image of a project, reads it back, and may put it in the place of another one, which is kept. */
export const edit: JobView = {
  words,
  hasDestination: true,
  facts(job, say) {
    const result = resultOf(job, 'edit')
    if (!result) return []
    const renamed = result.renamed > 0 ? [say.word('renamed', { n: say.count(result.renamed) }, result.renamed)] : []
    const kept = result.kept === null ? [] : [say.word('kept', { name: say.fileName(result.kept) })]
    return [say.written(result.files, result.bytesWritten), ...renamed, ...kept]
  },
  end(job, say) {
    const result = resultOf(job, 'edit')
    const name = say.fileName(job.destination)
    const size = say.bytes(result?.bytesWritten ?? 0)
    if (result?.kept) {
      const detail = say.word('readBackAndKept', { name: say.fileName(result.kept) })
      return { title: say.word('replaced', { name, size }), detail }
    }
    if (job.title.code === 'replacing') {
      // What it lacks is said before where it is.
      const why = job.problems[0]?.message
      return { title: say.word('notReplaced', { name: String(job.title.parameters.name) }), detail: why }
    }
    return {
      title: say.word('done', { name, size }),
      detail: result?.problems === 0 ? say.word('readBack') : undefined,
    }
  },
}
