import { resultOf, type JobView } from '../job-view'
import { words } from './words'

/** What can be saved of an image: looked for, as files, or as a repaired image. */
export const rescue: JobView = {
  words,
  hasDestination: true,
  facts(job, say) {
    const result = resultOf(job, 'rescue')
    if (result === null) return []
    const { saved, partial, lost } = result.report
    const total = saved + partial + lost
    return [say.word('fact', { n: say.count(saved), total: say.count(total) }, total)]
  },
  end(job, say) {
    const result = resultOf(job, 'rescue')
    if (result === null) return { title: say.word('ended', { source: job.sourceName }) }
    const { saved, partial, lost } = result.report
    const counts = { n: say.count(saved), total: say.count(saved + partial + lost) }
    if (result.what === 'image') {
      const title = say.word('repaired', { name: say.fileName(job.destination), size: say.bytes(result.bytesWritten) })
      return { title, detail: job.problems[0]?.message ?? say.word('checked') }
    }
    const title = say.word(result.what === 'plan' ? 'canBe' : 'savedFiles', counts, saved + partial + lost)
    return { title, detail: partial + lost > 0 ? say.word('losses', { partial, lost }) : undefined }
  },
}
