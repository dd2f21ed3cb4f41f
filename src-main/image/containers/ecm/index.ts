import { because } from '../../../../src-shared/model'
import { matchesAscii } from '../../core/byte-reader'
import { sureIf } from '../../core/likelihood'
import type { Container } from '../container'
import { DiskSource } from '../disk/disk-source'
import { ECM_MAGIC, readRecords } from './records'
import { RecordMap } from './record-map'

/** Neill Corlett's ECM: a file of CD sectors without what follows from the rest of them. */
export const ecm: Container = {
  id: 'ecm',
  probe: ({ head }) => sureIf(matchesAscii(head, 0, ECM_MAGIC)),
  open: async (source, { name, options, log }) => {
    const records = await readRecords(source, (bytesDone) => {
      options.signal?.throwIfAborted()
      options.onUnpackProgress?.(bytesDone, source.byteLength)
    })
    if (records.count === 0) return null
    const byteLength = records.starts[records.count] ?? 0
    if (records.sum === null)
      log.damage(
        'STREAM_CUT_SHORT',
        `“${name}” ends before its end marker: it was not copied in full, or is damaged.`,
        undefined,
        because('streamCut', { name }),
      )
    const blocks = new DiskSource(name, byteLength, new RecordMap(source, name, records), [source])
    const hex = records.sum?.toString(16).padStart(8, '0')
    return {
      blocks,
      labels: ['ecm'],
      name: name.replace(/\.ecm$/i, ''),
      ...(hex === undefined
        ? {}
        : {
            sums: [
              { what: `What “${name}” holds`, algorithm: 'edc' as const, hex, source: blocks, ranges: [0, byteLength] },
            ],
          }),
    }
  },
}
