import { foundView } from '../../core/found-view'
import { Likelihood } from '../../core/likelihood'
import type { FileSystem } from '../file-system'
import { beginnings } from './beginning'
import { EntryScan } from './entry-scan'
import { readLongFiles } from './long-files'
import { UdfTree } from './udf-tree'
import { hasRecognitionSequence, readUdfVolume } from './udf-volume'

/** Between plain names and Rock Ridge, which tells owners and modes as well. */
const DETAIL = 2
/** No image that its lengths can say in full needs another side's. */
const LONG_FILE = 2 ** 32

/** ECMA-167 and OSTA UDF 1.01 to 2.60. */
export const udf: FileSystem = {
  id: 'udf',
  marks: ['BEA01', 'NSR02', 'NSR03'],
  // Media that were never closed, or are damaged, show themselves only where nobody looks without need.
  probe: ({ isWhole, head }) =>
    hasRecognitionSequence(head) ? Likelihood.sure : isWhole ? Likelihood.maybe : Likelihood.no,
  scan: (volume) => new EntryScan(volume),
  beginnings,
  open: async ({ source, structures, head }, { log, isFirst }) => {
    const volume = await readUdfVolume(structures, isFirst || hasRecognitionSequence(head), log)
    if (volume === null) return null
    const view = foundView({
      kind: 'udf',
      label: 'UDF',
      format: volume.versionLabel,
      volumeName: volume.name,
      detail: DETAIL,
      // Names are in Unicode whatever anybody chooses.
      openTree: (walkLog) => new UdfTree(source, volume.withLog(walkLog)),
    })
    return {
      views: [view],
      byteEnd: volume.expectedByteLength,
      dates: { created: volume.created },
      longFiles: source.byteLength > LONG_FILE ? () => readLongFiles(source, volume, log) : undefined,
    }
  },
}
