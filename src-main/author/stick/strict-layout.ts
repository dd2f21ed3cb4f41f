import { SourceError } from '../../image'
import { Layout } from '../layout'

/** A layout that gives no zeros for what cannot be read: a drive is whole, or not made at all. */
export class StrictLayout extends Layout {
  /** @throws {SourceError} `SOURCE_UNREADABLE` with what the content said */
  override async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const bytes = await super.read(byteOffset, byteLength)
    const [fault] = this.faults
    if (fault !== undefined)
      throw new SourceError(
        'SOURCE_UNREADABLE',
        fault.message.replace(/ \(?[^;(]*zeros[^.]*\.$/, '.').replace(/;[^;]*$/, '.'),
        { byteOffset },
      )
    return bytes
  }
}
