import type { ByteSource } from '../../core/byte-source'
import type { FoundView } from '../../core/opened-image'
import { UdfTree } from './udf-tree'
import type { UdfVolume } from './mapped-volume'

export function udfViews(source: ByteSource, volume: UdfVolume, suffix: string): FoundView[] {
  return [
    {
      info: {
        id: `udf${suffix}`,
        kind: 'udf',
        label: suffix === '' ? 'UDF' : `UDF (session ${suffix.slice(1)})`,
        format: volume.versionLabel,
        volumeName: volume.name,
        entryCount: null,
        isDefault: false,
      },
      openTree: (log) => new UdfTree(source, volume.withLog(log)),
      // Names are in Unicode whatever anybody chooses.
      charset: undefined,
    },
  ]
}
