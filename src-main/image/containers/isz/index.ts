import { because } from '../../../../src-shared/model'
import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { ContainerSum } from '../../core/container-sum'
import { NotAnImageError } from '../../core/disc-image'
import { sureIf } from '../../core/likelihood'
import { ConcatSource } from '../../core/sources/concat-source'
import { SliceSource } from '../../core/sources/slice-source'
import type { Container, ContainerContext } from '../container'
import { DiskSource, type DiskMap } from '../disk/disk-source'
import { ChunkMap } from './chunk-map'
import { ISZ_MAGIC, readChunkTable, readIszHeader, readSegments, type IszHeader } from './header'

const LONG_HEADER_LENGTH = 64

/** UltraISO's packed discs (“ISZ File Format Specification 1.00”), in one file or in parts beside one another. */
export const isz: Container = {
  id: 'isz',
  probe: ({ head }) => sureIf(matchesAscii(head, 0, ISZ_MAGIC)),
  open: async (source, context) => {
    const { name } = context
    const header = readIszHeader(await source.read(0, LONG_HEADER_LENGTH))
    if (header === null) return null
    if (header.isEncrypted)
      throw new NotAnImageError(
        'UNSUPPORTED_CONTAINER',
        `“${name}” is a compressed ISO image of UltraISO (ISZ) that is encrypted, which is not supported. UltraISO unpacks it.`,
      )
    const isPacked = header.tableOffset > 0
    const table = isPacked ? await readChunkTable(source, header) : null
    if (isPacked && table === null) return null
    const sources: ByteSource[] = [source]
    const { data, nextPart } = await openData(source, header, context, sources)
    const map: DiskMap =
      table === null
        ? { at: (byteOffset, byteLength) => ({ kind: 'stored', byteLength, source: data, byteOffset }) }
        : new ChunkMap(data, name, header, table)
    const blocks = new DiskSource(name, header.byteLength, map, sources)
    const packedLength = table?.offsets.at(-1) ?? header.byteLength
    if (nextPart === null && packedLength > data.byteLength)
      context.log.damage(
        'IMAGE_TRUNCATED',
        `“${name}” is shorter than its chunks: it was not copied in full.`,
        undefined,
        because('shorterThanBlocks', { name }),
      )
    return {
      blocks,
      labels: ['isz'],
      name: name.replace(/\.isz$/i, ''),
      ...(nextPart === null ? {} : { nextPart }),
      sums: [
        ...sumOf(`What is packed in “${name}”`, header.packedSum, data),
        ...sumOf(`What “${name}” holds`, header.sum, blocks),
      ],
    }
  },
}

function sumOf(what: string, hex: string | null, source: ByteSource): ContainerSum[] {
  return hex === null ? [] : [{ what, algorithm: 'crc32', hex, source, ranges: [0, source.byteLength] }]
}

/** What is packed, as far as its parts are there. A chunk may lie in two of them. */
async function openData(
  source: ByteSource,
  header: IszHeader,
  { name, options, log }: ContainerContext,
  sources: ByteSource[],
): Promise<{ data: ByteSource; nextPart: string | null }> {
  const segments = await readSegments(source, header)
  const first = segments[0] ?? { start: header.dataOffset, end: source.byteLength }
  const start = first.start === 0 ? header.dataOffset : first.start
  const parts: ByteSource[] = [new SliceSource(source, start, Math.max(0, first.end - start))]
  const done = (nextPart: string | null): { data: ByteSource; nextPart: string | null } => ({
    data: parts.length === 1 ? (parts[0] ?? source) : new ConcatSource(parts),
    nextPart,
  })
  for (const [index, segment] of segments.entries()) {
    if (index === 0) continue
    const partName = nameOfPart(name, index)
    const part = (await options.openSibling?.(partName)) ?? null
    const its = part === null ? null : readIszHeader(await part.read(0, LONG_HEADER_LENGTH))
    if (part === null || its?.serial !== header.serial) {
      await part?.close()
      const what = part === null ? 'is missing' : `is no part of “${name}”`
      log.damage(
        'PART_MISSING',
        `“${partName}” ${what}: what lies from there on cannot be read. Put it beside it.`,
        undefined,
        because('partMissing', { name: partName }),
      )
      return done(partName)
    }
    sources.push(part)
    parts.push(new SliceSource(part, segment.start, Math.max(0, segment.end - segment.start)))
  }
  return done(null)
}

/** `disc.i01`, or `disc.part02.isz` behind `disc.part01.isz`. */
function nameOfPart(name: string, index: number): string {
  const [, stem, zeros = ''] = /^(.*\.part)(0*1)\.isz$/i.exec(name) ?? []
  if (stem !== undefined) return `${stem}${String(index + 1).padStart(zeros.length, '0')}.isz`
  return `${name.replace(/\.[^.]*$/, '')}.i${String(index).padStart(2, '0')}`
}
