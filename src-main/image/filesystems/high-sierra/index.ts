import { matchesAscii } from '../../core/byte-reader'
import { foundView } from '../../core/found-view'
import { sureIf } from '../../core/likelihood'
import type { FileSystem } from '../file-system'
import { HighSierraTree } from './high-sierra-tree'
import { FIRST_DESCRIPTOR, IDENTIFIER_AT, readHighSierraVolume, STANDARD_IDENTIFIER } from './volume-descriptor'

/** The High Sierra Group's working paper of 1986, from which ISO 9660 was made. */
export const highSierra: FileSystem = {
  id: 'high-sierra',
  marks: [STANDARD_IDENTIFIER],
  probe: ({ head }) => sureIf(matchesAscii(head, FIRST_DESCRIPTOR + IDENTIFIER_AT, STANDARD_IDENTIFIER)),
  open: async ({ source, structures }, { log, charset }) => {
    const volume = await readHighSierraVolume(structures, log)
    if (volume === null) return null
    const { volumeId, systemId, publisher, preparer, application, created, modified, spaceByteLength } = volume
    const view = foundView({
      kind: 'high-sierra',
      aliases: ['highsierra'],
      label: 'High Sierra',
      format: 'High Sierra',
      volumeName: volumeId,
      openTree: (walkLog) => new HighSierraTree(source, volume, walkLog),
      charset,
    })
    return {
      views: [view],
      byteEnd: spaceByteLength,
      facts: { systemId, publisher, preparer, application },
      dates: { created, modified },
    }
  },
}
