import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { Versions } from '../../core/directory-finisher'
import type { EntryColumns } from '../../core/entry-columns'
import { plainNameEnd, readVersion } from '../../core/file-identifier'
import { encodeJolietName } from './joliet/joliet-name'
import type { RockRidgeRecord } from './rock-ridge/rock-ridge-record'

export type IsoNaming = 'plain' | 'joliet' | 'rock-ridge'

/** Puts names into the columns, as the dialect of a hierarchy records them. */
export class RecordedNames {
  private readonly name = new Uint8Array(1024)

  constructor(
    private readonly naming: IsoNaming,
    private readonly log: DiagnosticLog,
  ) {}

  /** The name of a record with Rock Ridge, or its identifier where that has none. */
  setRockRidge(columns: EntryColumns, index: number, rr: RockRidgeRecord): boolean {
    if (rr.nameBytes === null) return false
    columns.setNameBytes(index, rr.nameBytes, rr.nameFrom, rr.nameTo)
    if (rr.nameTooLong) this.log.warn('NAME_TOO_LONG', 'A name of more than 1024 bytes was cut.')
    return true
  }

  /**
   * A file or directory identifier (ECMA-119 7.5, 7.6; Joliet: in UCS-2).
   * @param versions takes the version number of the identifier, where it is more than one
   */
  setIdentifier(
    columns: EntryColumns,
    index: number,
    bytes: Uint8Array,
    from: number,
    length: number,
    versions: Versions | null,
  ): void {
    const end = from + length
    if (this.naming === 'joliet') {
      const encoded = encodeJolietName(bytes, from, length, this.name)
      columns.setNameBytes(index, this.name, 0, encoded.byteLength)
      if (encoded.version > 1) versions?.set(index, encoded.version)
      if (encoded.broken) columns.keepRawName(index, bytes.subarray(from, end))
      return
    }
    const to = plainNameEnd(bytes, from, end)
    columns.setNameBytes(index, bytes, from, to)
    const version = to < end ? readVersion(bytes, to, end) : 1
    if (version > 1) versions?.set(index, version)
  }
}
