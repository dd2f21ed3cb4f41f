import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { copied } from '../../core/copied'
import { ExtentSource } from '../../core/sources/extent-source'
import { PagedSource } from '../../core/sources/paged-source'
import type { NtfsBoot } from './boot-sector'
import { byteRuns, damaged, readClusterRuns } from './mapping'
import { AttributeType, readFileRecord, readReference, undoFixups, type Attribute, type FileRecord } from './record'

/** Lists of attributes are no longer (256 KiB). */
const LIST_LIMIT = 256 << 10
/** Clusters are counted in 32 bits, whatever their length: no file is longer. */
const CLUSTERS_LIMIT = 2 ** 32

/** A file as all of its records describe it. */
export interface NtfsFile extends FileRecord {
  number: number
}

/** A range of bytes that an attribute has. */
export interface AttributeContent {
  attributes: Attribute[]
  byteLength: number
}

/** An NTFS volume: files by the number of their record. */
export class NtfsVolume {
  /** The master file table. */
  private table: ByteSource
  private tableRuns: number[] = []
  /** Records that go on others, still to be read: each belongs to one file. */
  private extensionsLeft = 4096
  /** Bytes of indexes, still to be read: no block of one belongs to two directories. */
  private indexLeft: number

  /**
   * @param source the volume's bytes
   * @param structures as `source`; what cannot be read is zeros
   */
  constructor(
    readonly source: ByteSource,
    readonly structures: ByteSource,
    readonly boot: NtfsBoot,
  ) {
    this.table = structures
    this.indexLeft = source.byteLength * 2 + (1 << 20)
  }

  /**
   * Finds the master file table, which its own first record describes.
   * @param firstCluster of the table, or of its mirror
   * @throws {SourceError} `CONTENT_DAMAGED` where it is not there
   */
  async openTable(firstCluster: number): Promise<void> {
    const { clusterLength, recordLength, clusterCount } = this.boot
    const first = new ExtentSource(this.structures, [firstCluster * clusterLength, recordLength], recordLength)
    this.table = first
    const own = readFileRecord(await this.recordBytes(0), 0)
    const pieces = own.attributes.filter(({ type, name }) => type === AttributeType.data && name === '')
    const begin = this.readTableRuns(pieces)
    const list = own.attributes.find(({ type }) => type === AttributeType.list)
    if (list !== undefined) {
      // What the first records describe is enough to find the others.
      const more = await this.extensions(0, await this.listBytes(list))
      pieces.push(...more.filter(({ type, name }) => type === AttributeType.data && name === ''))
      this.readTableRuns(pieces)
    }
    if (begin === 0 || clusterCount === 0) throw damaged('table has no bytes')
    this.extensionsLeft = this.recordCount * 2 + 4096
  }

  get recordCount(): number {
    return Math.floor(this.table.byteLength / this.boot.recordLength)
  }

  /** @throws {SourceError} `CONTENT_DAMAGED` */
  async file(number: number): Promise<NtfsFile> {
    const record = readFileRecord(await this.recordBytes(number), number)
    if (!record.isInUse || record.base !== 0) throw damaged('has a record that is not in use')
    return this.withExtensions(record, number)
  }

  /** A file whose record is not in use any more; null for others. @throws {SourceError} `CONTENT_DAMAGED` */
  async deletedFile(number: number): Promise<NtfsFile | null> {
    const record = readFileRecord(await this.recordBytes(number), number)
    return record.isInUse || record.base !== 0 ? null : this.withExtensions(record, number)
  }

  private async withExtensions(record: FileRecord, number: number): Promise<NtfsFile> {
    const list = record.attributes.find(({ type }) => type === AttributeType.list)
    if (list === undefined) return { ...record, number }
    const more = await this.extensions(number, await this.listBytes(list), record.isInUse)
    return { ...record, number, attributes: [...record.attributes, ...more] }
  }

  /** The bytes of a record, ends of sectors in place. @throws {SourceError} `CONTENT_DAMAGED` */
  async recordBytes(number: number): Promise<Uint8Array> {
    const { recordLength } = this.boot
    const bytes = copied(await this.table.read(number * recordLength, recordLength))
    if (bytes.byteLength < recordLength) throw damaged('has a record behind the end of the table')
    if (!undoFixups(bytes, 'FILE')) throw damaged('has a record that was written in part, or is damaged')
    return bytes
  }

  /** Where bytes of a record lie, in bytes of the volume; null where they are not as they are in one piece. */
  placeInTable(number: number, at: number, byteLength: number): number | null {
    // The ends of sectors are not in their place.
    if (Math.floor((at + byteLength + 1) / 512) !== Math.floor(at / 512)) return null
    let start = number * this.boot.recordLength + at
    for (let run = 0; run + 1 < this.tableRuns.length; run += 2) {
      const length = this.tableRuns[run + 1] ?? 0
      const place = this.tableRuns[run] ?? -1
      if (start < length) return place < 0 || start + byteLength > length ? null : place + start
      start -= length
    }
    return null
  }

  /** The pieces of one attribute; null without it. */
  find({ attributes }: FileRecord, type: number, name: string): AttributeContent | null {
    const found = attributes.filter((attribute) => attribute.type === type && attribute.name === name)
    const first = found.find(({ runs }) => runs === null || runs.first === 0)
    if (first === undefined) return null
    if (first.resident !== null) return { attributes: [first], byteLength: first.resident.byteLength }
    return { attributes: found.filter(({ runs }) => runs !== null), byteLength: first.runs?.byteLength ?? 0 }
  }

  /**
   * Where an attribute that lies outside its record has its bytes: pairs of byte offset and byte length.
   * @throws {SourceError} `CONTENT_DAMAGED`
   */
  runsOf({ attributes, byteLength }: AttributeContent): number[] {
    this.assertPossible(byteLength)
    const { clusterLength, clusterCount } = this.boot
    return byteRuns(readClusterRuns(attributes, clusterCount), clusterLength, byteLength)
  }

  /** All bytes of an attribute that no tree has too many of. @throws {SourceError} `CONTENT_DAMAGED` */
  async bytesOf(content: AttributeContent, limit: number): Promise<Uint8Array> {
    const resident = content.attributes[0]?.resident
    if (resident) return resident
    if (content.byteLength > limit) throw damaged('has an attribute that is longer than any can be')
    const runs = this.runsOf(content)
    return new ExtentSource(this.structures, runs, content.byteLength).read(0, content.byteLength)
  }

  /**
   * Takes bytes for an index off what all together can have.
   * @throws {SourceError} `CONTENT_DAMAGED` where they are more
   */
  takeIndex(byteLength: number): void {
    this.indexLeft -= byteLength
    if (!(this.indexLeft >= 0)) throw damaged('has an index that is longer than the volume')
  }

  /** @throws {SourceError} `CONTENT_DAMAGED` for a length that no file can have */
  assertPossible(byteLength: number): void {
    if (!(byteLength <= CLUSTERS_LIMIT * this.boot.clusterLength)) throw damaged('is longer than any can be')
  }

  private readTableRuns(pieces: readonly Attribute[]): number {
    const first = pieces.find(({ runs }) => runs?.first === 0)
    if (first?.runs === null || first === undefined) throw damaged('table lies nowhere')
    const { byteLength } = first.runs
    const runs = this.runsOf({ attributes: [...pieces], byteLength })
    const reached = runs.reduce((sum, value, index) => (index % 2 === 1 ? sum + value : sum), 0)
    this.tableRuns = runs
    this.table = new PagedSource(new ExtentSource(this.structures, runs, Math.min(byteLength, reached)))
    return reached
  }

  private async listBytes(list: Attribute): Promise<Uint8Array> {
    return this.bytesOf({ attributes: [list], byteLength: list.runs?.byteLength ?? 0 }, LIST_LIMIT)
  }

  /** The attributes that a list says to lie in other records, and do. */
  private async extensions(number: number, list: Uint8Array, isInUse = true): Promise<Attribute[]> {
    const entries = new ByteReader(list)
    const numbers = new Set<number>()
    for (let at = 0; entries.has(at, 26);) {
      const length = entries.u16Le(at + 4)
      if (length < 26) break
      const reference = readReference(entries, at + 16)
      if (reference.number !== number) numbers.add(reference.number)
      at += length
    }
    const found: Attribute[] = []
    for (const each of numbers) {
      if (this.extensionsLeft-- <= 0) throw damaged('has more records than the table')
      const record = readFileRecord(await this.recordBytes(each), each)
      if (record.isInUse === isInUse && record.base === number) found.push(...record.attributes)
    }
    return found
  }
}
