import type { ViewKind } from '../../../../src-shared/model'
import type { ByteSource } from '../../core/byte-source'
import { foundView, ViewRank, type FoundView } from '../../core/found-view'
import type { LongFiles } from '../../core/long-files'
import type { IsoNaming } from './recorded-names'
import { isoTree, type IsoVolume } from './iso-volume'
import type { TreeDescriptor } from './volume-descriptor'

/** How much each tree tells of a file; see {@link FoundView.detail}. UDF lies between names and owners. */
const Detail = { names: 1, owners: 3 } as const

interface IsoViewOptions {
  charset: string | undefined
  /** Which session it is, from 1; 0 where there is just one. */
  session: number
  /** Shown first: its views carry the plain ids. */
  isMain: boolean
  longFiles?: () => Promise<LongFiles>
}

/**
 * The trees of one descriptor set, best first: Rock Ridge has symbolic links and modes, Joliet has names, the enhanced
 * tree has longer names than the plain one.
 */
export function isoViews(source: ByteSource, volume: IsoVolume, options: IsoViewOptions): FoundView[] {
  const { session, isMain, charset, longFiles } = options
  const views: FoundView[] = []
  const add = (kind: ViewKind, label: string, format: string, descriptor: TreeDescriptor, naming: IsoNaming): void => {
    const numbered = `${kind}@${session}`
    views.push(
      foundView({
        id: isMain ? kind : numbered,
        aliases: isMain && session > 0 ? [numbered] : [],
        kind,
        label: isMain ? label : `${label} (session ${session})`,
        format,
        volumeName: descriptor.volumeId,
        rank: isMain ? ViewRank.tree : ViewRank.session,
        detail: kind === 'rock-ridge' ? Detail.owners : Detail.names,
        openTree: (walkLog) => isoTree(source, volume, descriptor, naming, walkLog, longFiles),
        // Joliet's names are in Unicode whatever anybody chooses.
        charset: naming === 'joliet' ? undefined : charset,
      }),
    )
  }
  const { primary, joliet, enhanced, susp } = volume
  if (primary !== null && susp !== null)
    add('rock-ridge', 'Rock Ridge', 'ISO 9660 with Rock Ridge', primary, 'rock-ridge')
  if (joliet !== null) add('joliet', 'Joliet', `Joliet level ${joliet.jolietLevel}`, joliet, 'joliet')
  if (enhanced !== null) add('enhanced', 'ISO 9660:1999', 'ISO 9660:1999', enhanced, 'plain')
  if (primary !== null) add('iso9660', 'ISO 9660', 'ISO 9660', primary, 'plain')
  return views
}
