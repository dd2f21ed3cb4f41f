import { matchesAscii } from '../../core/byte-reader'
import { foundView } from '../../core/found-view'
import { Likelihood } from '../../core/likelihood'
import type { FileSystem } from '../file-system'
import { DESCRIPTOR_OFFSET, findXdvdfsVolume, XDVDFS_MAGIC } from './volume'
import { XdvdfsTree } from './xdvdfs-tree'

/** Discs of the Xbox and the Xbox 360: a game's partition, alone or behind one that players show as a film. */
export const xdvdfs: FileSystem = {
  id: 'xdvdfs',
  marks: [XDVDFS_MAGIC],
  probe: ({ head, isWhole }) => {
    if (matchesAscii(head, DESCRIPTOR_OFFSET, XDVDFS_MAGIC)) return Likelihood.sure
    return isWhole ? Likelihood.maybe : Likelihood.no
  },
  open: async ({ source }, { charset }) => {
    const volume = await findXdvdfsVolume(source)
    if (volume === null) return null
    const view = foundView({
      kind: 'xdvdfs',
      label: 'Xbox',
      format: 'XDVDFS',
      openTree: (walkLog) => new XdvdfsTree(source, volume, walkLog),
      charset,
    })
    return { views: [view], byteEnd: 0, dates: { created: Number.isNaN(volume.created) ? null : volume.created } }
  },
}
