import { because } from '../../../../src-shared/model'
import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { NotAnImageError } from '../../core/disc-image'
import { sureIf } from '../../core/likelihood'
import { RAW, type BaseDisk, type Container, type ContainerContext, type OpenedContainer } from '../container'
import { leadsOut, openBase, plainName } from '../disk/base-disk'
import { closeAllBut } from '../disk/close-all'
import type { DiskSource } from '../disk/disk-source'
import { openDisk } from '../disk/doubtful-disk'
import { Doubts } from '../disk/doubts'
import { reportLong, TABLE_LIMIT } from '../disk/read-table'
import { checkGrains } from './check-grains'
import { descriptorText, DESCRIPTOR_LIMIT, readDescriptor, type Descriptor, type ExtentLine } from './descriptor'
import { ExtentMap, type Extent } from './extent-map'
import { GrainMap, type GrainBase } from './grain-map'
import { HOST_MAGIC, readSparseExtent, SPARSE_MAGIC, type SparseExtent } from './sparse-header'

const TEXT_MAGIC = '# Disk DescriptorFile'
const FLAT = new Set(['FLAT', 'VMFS'])
const SPARSE = new Set(['SPARSE', 'VMFSSPARSE'])

/** VMware's disks: a sparse file, a stream, or a descriptor with extents beside it. */
export const vmdk: Container = {
  id: 'vmdk',
  isDisk: true,
  probe: ({ head }) => sureIf([SPARSE_MAGIC, HOST_MAGIC, TEXT_MAGIC].some((magic) => matchesAscii(head, 0, magic))),
  open: async (source, context) => {
    const isText = matchesAscii(await source.read(0, TEXT_MAGIC.length), 0, TEXT_MAGIC)
    return isText ? openDescriptor(source, context) : openSparse(source, context)
  },
}

/** One file that is the whole disk; its descriptor, if it has one, names no other but its base. */
async function openSparse(source: ByteSource, context: ContainerContext): Promise<OpenedContainer | null> {
  const extent = await readSparseExtent(source)
  if (extent === null) return null
  const { descriptorOffset, descriptorLength } = extent
  const isThere = descriptorOffset > 0 && descriptorOffset < source.byteLength && descriptorLength <= DESCRIPTOR_LIMIT
  const bytes = isThere ? await source.read(descriptorOffset, descriptorLength) : new Uint8Array(0)
  const descriptor = readDescriptor(descriptorText(bytes))
  const isBased = descriptor !== null && descriptor.baseIdentity !== null
  const base = isBased ? await baseOf(descriptor, context) : null
  const made = new SparseMaker(context)
  const grainBase = isBased ? { blocks: base?.blocks ?? null, byteOffset: 0 } : null
  const map = await made.mapOf(source, context.name, extent, grainBase, 0)
  const sources = base === null ? [source] : [source, base.blocks]
  return opened(openDisk(context.name, extent.byteLength, map, sources, made.doubts), descriptor, context)
}

async function openDescriptor(source: ByteSource, context: ContainerContext): Promise<OpenedContainer | null> {
  const descriptor = readDescriptor(descriptorText(await source.read(0, DESCRIPTOR_LIMIT)))
  if (descriptor === null || descriptor.extents.length === 0) return null
  assertNames(descriptor, context.name)
  const sources: ByteSource[] = [source]
  try {
    const isBased = descriptor.baseIdentity !== null
    const base = isBased ? await baseOf(descriptor, context) : null
    if (base !== null) sources.push(base.blocks)
    const extents: Extent[] = []
    const made = new SparseMaker(context)
    let start = 0
    for (const line of descriptor.extents) {
      const grainBase = isBased ? { blocks: base?.blocks ?? null, byteOffset: start } : null
      const content = await contentOf(line, start, made, sources, grainBase)
      extents.push({ start, byteLength: line.byteLength, content })
      start += line.byteLength
    }
    if (!Number.isSafeInteger(start)) return null
    if (!extents.some(({ content }) => content !== 'missing'))
      throw new NotAnImageError(
        'NOTHING_READABLE',
        `“${context.name}” describes the disk in “${descriptor.extents[0]?.fileName ?? ''}”, which is not beside it.`,
        because('siblingMissing', { name: context.name, file: descriptor.extents[0]?.fileName ?? '' }),
      )
    return opened(openDisk(context.name, start, new ExtentMap(extents), sources, made.doubts), descriptor, context)
  } catch (error) {
    await closeAllBut(source, sources)
    throw error
  }
}

function opened(blocks: DiskSource, descriptor: Descriptor | null, { name }: ContainerContext): OpenedContainer {
  return {
    blocks,
    labels: ['vmdk'],
    name: name.replace(/\.vmdk$/i, ''),
    ...(descriptor === null ? {} : { identity: descriptor.identity }),
  }
}

/** @throws {NotAnImageError} where an extent is a device, or lies in another folder */
function assertNames({ extents }: Descriptor, name: string): void {
  for (const { type, fileName } of extents) {
    if (type === 'ZERO') continue
    if (!FLAT.has(type) && !SPARSE.has(type))
      throw new NotAnImageError(
        'UNSUPPORTED_CONTAINER',
        `“${name}” is a VMware disk image (VMDK) with an extent of type ${type}, which is not supported. qemu-img convert makes a plain image of it.`,
      )
    if (plainName(fileName) === null) throw leadsOut(name, fileName)
  }
}

async function contentOf(
  line: ExtentLine,
  start: number,
  made: SparseMaker,
  sources: ByteSource[],
  base: GrainBase | null,
): Promise<Extent['content']> {
  if (line.type === 'ZERO') return 'zeros'
  const { context } = made
  const { name, log } = context
  const fileName = plainName(line.fileName) ?? ''
  const file = (await context.openBase(fileName, RAW))?.blocks ?? null
  if (file === null) {
    log.damage('EXTENT_MISSING', `“${fileName}”, which “${name}” names, is missing. Put it beside it.`)
    return 'missing'
  }
  sources.push(file)
  if (FLAT.has(line.type)) return { file, byteOffset: line.byteOffset }
  const extent = await readSparseExtent(file)
  if (extent === null) {
    log.damage('EXTENT_DAMAGED', `“${fileName}”, which “${name}” names, is no extent of a disk, or is damaged.`)
    return 'missing'
  }
  return { map: await made.mapOf(file, fileName, extent, base, start), byteLength: extent.byteLength }
}

/** Maps of sparse extents, whose tables are looked at as long as there are not too many of them. */
class SparseMaker {
  readonly doubts = new Doubts()
  private entriesLeft = TABLE_LIMIT

  constructor(readonly context: ContainerContext) {}

  /** @param diskOffset where the extent begins on the disk, in bytes */
  async mapOf(
    file: ByteSource,
    name: string,
    extent: SparseExtent,
    base: GrainBase | null,
    diskOffset: number,
  ): Promise<GrainMap> {
    const { log } = this.context
    this.entriesLeft -= Math.ceil(extent.byteLength / extent.grainLength)
    if (this.entriesLeft < 0) reportLong(log, name)
    const checked = { file, name, extent, log, doubts: this.doubts, diskOffset, isBased: base !== null }
    const entries = this.entriesLeft < 0 ? null : await checkGrains(checked)
    return new GrainMap(file, name, extent, base, entries)
  }
}

/** The disk that this one is based on, if it has not been written to since. */
async function baseOf({ baseName, baseIdentity }: Descriptor, context: ContainerContext): Promise<BaseDisk | null> {
  const base = await openBase(context, baseName === '' ? [] : [baseName], 'vmdk')
  if (base === null || base.identity === baseIdentity) return base
  await base.blocks.close()
  context.log.damage(
    'BASE_MISSING',
    `“${baseName}” is not the disk that “${context.name}” is based on, or was written to since. Nothing of it was taken.`,
  )
  return null
}
