import type { JobKindId, JobResultOf } from '../../src-shared/contract'
import { resultOf, type JobView, type JobWords } from './job-view'

type WrittenKind = { [Kind in JobKindId]: JobResultOf<Kind> extends { symlinks: number } ? Kind : never }[JobKindId]

/** The view of a job that writes files: how many, and how much. */
export function writtenFilesView(kind: WrittenKind, words: JobWords): JobView {
  return {
    words,
    hasDestination: true,
    facts(job, say) {
      const result = resultOf(job, kind)
      if (!result) return []
      const written = say.written(result.files, result.bytesWritten)
      const lost = result.lostAttributes
      return [
        written,
        ...(result.isUnmarked ? [say.unmarked()] : []),
        ...(lost ? [say.lostAttributes(lost.count, lost.names)] : []),
      ]
    },
    end(job, say) {
      const { files, bytesWritten } = resultOf(job, kind) ?? { files: job.entriesDone, bytesWritten: job.bytesDone }
      return { title: say.word('done', { n: say.count(files), size: say.bytes(bytesWritten) }, files) }
    },
  }
}
