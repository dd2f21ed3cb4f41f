import { resultOf, type JobView } from '../job-view'
import { words } from './words'

export const writeDrive: JobView = {
  words,
  hasDestination: false,
  facts(job, say) {
    const result = resultOf(job, 'write-drive')
    return result ? [say.bytes(result.bytesWritten)] : []
  },
  end(job, say) {
    const { bytesWritten, bytesChecked } = resultOf(job, 'write-drive') ?? { bytesWritten: 0, bytesChecked: 0 }
    const title = say.word('done', { source: job.sourceName, size: say.bytes(bytesWritten) })
    return { title, detail: bytesChecked > 0 ? say.word('checked') : undefined }
  },
}
