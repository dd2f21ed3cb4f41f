import type { ViewKind } from '../../../../src-shared/model'
import type { ByteSource } from '../../core/byte-source'
import type { FoundView } from '../../core/opened-image'
import type { IsoNaming } from './iso-tree'
import { isoTree, type IsoVolume } from './iso-volume'
import type { LongFiles } from '../udf/long-files'
import type { TreeDescriptor } from './volume-descriptor'

/**
 * The trees of one descriptor set, best first: Rock Ridge has symbolic links and modes, Joliet has names, the enhanced
 * tree has longer names than the plain one. `suffix` is `@N` where the set is a session of its own.
 */
export function isoViews(
  source: ByteSource,
  volume: IsoVolume,
  suffix: string,
  charset: string | undefined,
  longFiles?: () => Promise<LongFiles>,
): FoundView[] {
  const views: FoundView[] = []
  const add = (kind: ViewKind, label: string, format: string, descriptor: TreeDescriptor, naming: IsoNaming): void => {
    views.push({
      info: {
        id: kind + suffix,
        kind,
        label: suffix === '' ? label : `${label} (session ${suffix.slice(1)})`,
        format,
        volumeName: descriptor.volumeId,
        entryCount: null,
        isDefault: false,
      },
      openTree: (walkLog) => isoTree(source, volume, descriptor, naming, walkLog, longFiles),
      // Joliet's names are in Unicode whatever anybody chooses.
      charset: naming === 'joliet' ? undefined : charset,
    })
  }
  const { primary, joliet, enhanced, susp } = volume
  if (primary !== null && susp !== null)
    add('rock-ridge', 'Rock Ridge', 'ISO 9660 with Rock Ridge', primary, 'rock-ridge')
  if (joliet !== null) add('joliet', 'Joliet', `Joliet level ${joliet.jolietLevel}`, joliet, 'joliet')
  if (enhanced !== null) add('enhanced', 'ISO 9660:1999', 'ISO 9660:1999', enhanced, 'plain')
  if (primary !== null) add('iso9660', 'ISO 9660', 'ISO 9660', primary, 'plain')
  return views
}
