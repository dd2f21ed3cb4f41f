import { because } from '../../../../src-shared/model'
import { NotAnImageError } from '../../core/disc-image'
import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { sureIf } from '../../core/likelihood'
import { RAW, type BaseDisk, type Container, type ContainerContext } from '../container'
import { leadsOut, openBase, plainName } from '../disk/base-disk'
import { closeAllBut } from '../disk/close-all'
import { openDisk } from '../disk/doubtful-disk'
import { Doubts } from '../disk/doubts'
import { checkClusters } from './check-clusters'
import { ClusterMap } from './cluster-map'
import { Feature, KNOWN_FEATURES, QCOW2_MAGIC, readQcow2Header, type Qcow2Header } from './header'

/** The largest first-level table that QEMU opens. */
const TABLE_BYTES_LIMIT = 32 << 20
const CLUSTER_LIMIT = 2 << 20

/** QEMU's disk images (docs/interop/qcow2.txt), versions 2 and 3, in their active state. */
export const qcow2: Container = {
  id: 'qcow2',
  isDisk: true,
  probe: ({ head }) => sureIf(matchesAscii(head, 0, QCOW2_MAGIC)),
  open: async (source, context) => {
    const { name, log } = context
    const header = readQcow2Header(await source.read(0, CLUSTER_LIMIT))
    if (header === null || !isPossible(header, source.byteLength)) return null
    assertReadable(header, name)
    const isCorrupt = (header.features[0] & Feature.corrupt) !== 0
    if (isCorrupt) log.warn('DISK_MARKED_CORRUPT', `“${name}” was marked as corrupt by the program that wrote to it.`)
    const opened: ByteSource[] = [source]
    const hasDataFile = (header.features[0] & Feature.dataFile) !== 0
    try {
      const data = hasDataFile ? await openDataFile(header, context) : source
      if (data !== null && data !== source) opened.push(data)
      const base = header.baseName === null ? null : await baseOf(header.baseName, header.baseFormat, context)
      if (base !== null) opened.push(base.blocks)
      const map = new ClusterMap({
        name,
        file: source,
        data,
        hasDataFile,
        base: base?.blocks ?? null,
        hasBase: header.baseName !== null,
        clusterBits: header.clusterBits,
        isExtended: (header.features[0] & Feature.extendedEntries) !== 0,
        isZstd: header.packing === 1,
        tableOffset: header.tableOffset,
      })
      const doubts = new Doubts()
      await checkClusters({ name, file: source, data: hasDataFile ? data : null, header, log, doubts })
      return {
        blocks: openDisk(name, header.byteLength, map, opened, doubts),
        labels: ['qcow2'],
        name: name.replace(/\.qcow2?$/i, ''),
      }
    } catch (error) {
      await closeAllBut(source, opened)
      throw error
    }
  },
}

function isPossible(header: Qcow2Header, fileLength: number): boolean {
  const { clusterBits, byteLength, tableCount, tableOffset } = header
  if (clusterBits < 9 || clusterBits > 21 || !Number.isFinite(byteLength)) return false
  const entryLength = (header.features[0] & Feature.extendedEntries) === 0 ? 8 : 16
  const covered = 2 ** (clusterBits * 2) / entryLength
  return (
    tableCount * 8 <= TABLE_BYTES_LIMIT &&
    tableOffset + tableCount * 8 <= fileLength &&
    tableCount >= Math.ceil(byteLength / covered)
  )
}

/** @throws {NotAnImageError} where it uses what is not read */
function assertReadable({ features, encryption, packing }: Qcow2Header, name: string): void {
  const refuse = (what: string): NotAnImageError =>
    new NotAnImageError('UNSUPPORTED_CONTAINER', `“${name}” is a QEMU disk image (QCOW2) ${what}`)
  if (encryption !== 0) throw refuse('that is encrypted, which is not supported. qemu-img convert decrypts it.')
  const [low, high] = features
  if ((low & ~KNOWN_FEATURES) !== 0 || high !== 0)
    throw refuse('with features that are not known here. A newer qemu-img convert makes a plain image of it.')
  if (packing > 1)
    throw refuse(`packed by method ${packing}, which is not known. qemu-img convert makes a plain image.`)
}

/** QEMU's names of the formats (“Backing file format name”), and the containers' of those that are read. */
const FORMATS = new Map([
  ['raw', RAW],
  ['file', RAW],
  ['host_device', RAW],
  ['qcow2', 'qcow2'],
  ['vmdk', 'vmdk'],
  ['vpc', 'vhd'],
  ['vhdx', 'vhdx'],
  ['vdi', 'vdi'],
  ['dmg', 'dmg'],
])

/**
 * The disk that this one is based on, as what its writer has said that it is: a disk that holds a disk image is another
 * than that image's. Null where it is not there, or is something else, which is told.
 * @param declared empty where the writer has said nothing
 */
async function baseOf(baseName: string, declared: string, context: ContainerContext): Promise<BaseDisk | null> {
  const { name, log } = context
  const format = declared === '' ? null : FORMATS.get(declared)
  if (format === undefined) {
    log.damage(
      'BASE_MISSING',
      `“${name}” is based on “${baseName}” as a disk of QEMU’s format “${declared}”, which is not read here: the rest cannot be read.`,
      undefined,
      because('baseMissing', { name, other: baseName }),
    )
    return null
  }
  const base = await openBase(context, [baseName], format)
  if (base === null || format === null || base.format === format) return base
  await base.blocks.close()
  log.damage(
    'BASE_MISSING',
    `“${baseName}” is not the disk that “${name}” is based on, which is one of QEMU’s format “${declared}”. Nothing of it was taken.`,
    undefined,
    because('baseMissing', { name, other: baseName }),
  )
  return null
}

async function openDataFile({ dataName }: Qcow2Header, context: ContainerContext): Promise<ByteSource | null> {
  const { name, log } = context
  if (dataName === null)
    throw new NotAnImageError('NOTHING_READABLE', `“${name}” keeps its data in another file, and does not name it.`)
  const plain = plainName(dataName)
  if (plain === null) throw leadsOut(name, dataName)
  const file = await context.openBase(plain, RAW)
  if (file === null)
    log.damage('EXTENT_MISSING', `“${plain}”, which holds the data of “${name}”, is missing. Put it beside it.`)
  return file?.blocks ?? null
}
