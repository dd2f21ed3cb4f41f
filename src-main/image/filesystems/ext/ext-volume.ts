import { ByteReader } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'
import { PagedSource } from '../../core/sources/paged-source'
import { readInode, type ExtInode } from './inode'
import { descriptorPlace, type ExtSuperblock } from './superblock'

/** An ext volume: inodes by their number. */
export class ExtVolume {
  /** As `source`, for structures. */
  readonly structures: ByteSource
  /** Where the inodes of a group begin, in bytes of the volume. */
  private readonly tables = new Map<number, number>()
  /** Bytes of directories and blocks of maps, still to be read: files of one volume do not share them. */
  private directoryLeft: number
  private mapLeft: number

  /**
   * @param source its bytes, what the journal holds laid over them
   * @param structures as `source`; what cannot be read is zeros
   */
  constructor(
    readonly source: ByteSource,
    structures: ByteSource,
    readonly superblock: ExtSuperblock,
  ) {
    this.structures = new PagedSource(structures)
    this.directoryLeft = source.byteLength * 2 + (1 << 20)
    this.mapLeft = Math.ceil(source.byteLength / superblock.blockLength) * 4 + 65_536
  }

  /**
   * Null for one that is not in use.
   * @throws {SourceError} `CONTENT_DAMAGED` for one that there cannot be
   */
  async inode(number: number): Promise<ExtInode | null> {
    const { inodeCount, inodesPerGroup, inodeLength } = this.superblock
    if (number < 1 || number > inodeCount) throw new SourceError('CONTENT_DAMAGED', 'There is no inode of its number.')
    const table = await this.table(Math.floor((number - 1) / inodesPerGroup))
    const byteOffset = table + ((number - 1) % inodesPerGroup) * inodeLength
    const bytes = await this.structures.read(byteOffset, inodeLength)
    if (bytes.byteLength < inodeLength)
      throw new SourceError('CONTENT_DAMAGED', 'Its inode lies behind the end of the image.')
    return readInode(bytes, number, byteOffset, this.superblock)
  }

  /**
   * A block of the map of a file, which is one of many.
   * @throws {SourceError} `CONTENT_DAMAGED` where maps have more blocks than the volume
   */
  takeMapBlock(): void {
    if (this.mapLeft-- <= 0) throw new SourceError('CONTENT_DAMAGED', 'Files have larger maps than the volume.')
  }

  /** As `takeMapBlock`, of the bytes of a directory. */
  takeDirectory(byteLength: number): void {
    this.directoryLeft -= byteLength
    if (this.directoryLeft < 0) throw new SourceError('CONTENT_DAMAGED', 'Directories are longer than the volume.')
  }

  private async table(group: number): Promise<number> {
    const known = this.tables.get(group)
    if (known !== undefined) return known
    const { descriptorLength, blockLength, blockCount } = this.superblock
    const bytes = await this.structures.read(descriptorPlace(this.superblock, group), descriptorLength)
    const reader = new ByteReader(bytes)
    const block = reader.u32Le(8) + (descriptorLength >= 64 ? reader.u32Le(40) * 2 ** 32 : 0)
    if (block === 0 || block >= blockCount)
      throw new SourceError('CONTENT_DAMAGED', `The inodes of group ${group} lie outside the volume.`)
    this.tables.set(group, block * blockLength)
    return block * blockLength
  }
}
