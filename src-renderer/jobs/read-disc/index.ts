import { resultOf, type JobView } from '../job-view'
import { words } from './words'

export const readDisc: JobView = {
  words,
  hasDestination: true,
  facts(job, say) {
    const result = resultOf(job, 'read-disc')
    return result ? [say.bytes(result.bytesRead)] : []
  },
  end(job, say) {
    const { byteLength, damagedFiles } = resultOf(job, 'read-disc') ?? { byteLength: 0, damagedFiles: 0 }
    const title = say.word('done', { name: say.fileName(job.destination), size: say.bytes(byteLength) })
    const detail = say.word('damaged', { n: say.count(damagedFiles) })
    return { title, detail: damagedFiles > 0 ? detail : undefined }
  },
}
