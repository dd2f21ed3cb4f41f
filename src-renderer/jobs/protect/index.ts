import { resultOf, type JobView } from '../job-view'
import { words } from './words'

/** Error correction beside an image: how large it is, and how much damage it makes up for. */
export const protect: JobView = {
  words,
  hasDestination: true,
  facts(job, say) {
    const result = resultOf(job, 'protect')
    return result ? [say.bytes(result.bytesWritten)] : []
  },
  end(job, say) {
    const { bytesWritten, dataLayers, eccLayers } = resultOf(job, 'protect') ?? {
      bytesWritten: 0,
      dataLayers: 0,
      eccLayers: 0,
    }
    return {
      title: say.word('done', { name: say.fileName(job.destination), size: say.bytes(bytesWritten) }),
      detail: say.word('mends', { n: eccLayers, of: dataLayers }),
    }
  },
}
