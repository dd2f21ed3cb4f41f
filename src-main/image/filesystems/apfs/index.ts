import { matchesAscii } from '../../core/byte-reader'
import { NotAnImageError } from '../../core/disc-image'
import { foundView, type FoundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import type { FileSystem } from '../file-system'
import { ApfsTree } from './apfs-tree'
import { APFS_MAGIC, MAGIC_OFFSET, readContainer } from './container'
import { ObjectMap } from './object-map'
import { readVolume } from './volume'

/** Apple's file system, as its newest checkpoint has it: a view for each volume that is not encrypted. */
export const apfs: FileSystem = {
  id: 'apfs',
  probe: ({ head }) => sureIf(matchesAscii(head, MAGIC_OFFSET, APFS_MAGIC)),
  open: async ({ source, structures }, { log, name, charset }) => {
    const container = await readContainer(structures)
    if (container === null) return null
    const damaged = (what: string): void => {
      log.damage('NODE_DAMAGED', `A block that describes the volume ${what}: files may be missing.`)
    }
    if (!container.isOld) log.fits('structures')
    if (container.isOld) log.warn('CHECKPOINT_LOST', 'No checkpoint of the volume is whole; its first block was taken.')
    const map = await ObjectMap.open(container.blocks, container.mapBlock, container.transaction, damaged)
    if (map === null) return null
    const views: FoundView[] = []
    const encrypted: string[] = []
    for (const number of container.volumes) {
      const block = await map.blockOf(number)
      const volume = block === null ? null : await readVolume(container, block, () => undefined)
      if (block === null || volume === null) {
        damaged('is missing')
        continue
      }
      if (volume.isEncrypted) {
        encrypted.push(`“${volume.name}”`)
        continue
      }
      views.push(
        foundView({
          kind: 'apfs',
          id: views.length === 0 ? 'apfs' : `apfs@${views.length + 1}`,
          aliases: views.length === 0 ? ['apfs@1'] : [],
          label: container.volumes.length === 1 ? 'APFS' : `APFS: ${volume.name}`,
          format: 'APFS',
          volumeName: volume.name,
          openTree: (walkLog) =>
            new ApfsTree(
              source,
              container.blocks.blockLength,
              (report) => readVolume(container, block, report),
              walkLog,
            ),
          charset,
        }),
      )
    }
    if (encrypted.length > 0) {
      const sentence = `${encrypted.join(', ')} in “${name}” ${encrypted.length === 1 ? 'is' : 'are'} encrypted (APFS), which is not supported. macOS opens it.`
      if (views.length === 0) throw new NotAnImageError('UNSUPPORTED_CONTAINER', sentence)
      log.warn('VOLUME_ENCRYPTED', sentence)
    }
    if (views.length === 0) return null
    return { views, byteEnd: Number.isFinite(container.byteLength) ? container.byteLength : 0 }
  },
}
