import fs from 'node:fs'
import type { LostAttributes } from '../../src-shared/model'
import type { ExtendedAttribute } from '../image/core/extended-attributes'
import { attributeCalls, type AttributeCalls } from '../sinks/attribute-calls'
import { LostAttributeTally } from '../sinks/lost-attributes'
import { ExtractError } from './extract-error'

/** What becomes of an entry whose content is whole, and of whose attributes some were not taken. */
export const ATTRIBUTES_LOST = 'ATTRIBUTES_LOST'
const OWNER_MAY_WRITE = 0o200

/** Gives what was extracted the extended attributes that are recorded. One for a whole extraction. */
export class AttributeWriter {
  private readonly tally = new LostAttributeTally()

  private constructor(private readonly calls: AttributeCalls) {}

  /** @throws {ExtractError} `UNSUPPORTED_HERE` where the system, or this installation, has no such calls */
  static async load(): Promise<AttributeWriter> {
    const calls = await attributeCalls()
    if (calls !== null) return new AttributeWriter(calls)
    throw new ExtractError(
      'UNSUPPORTED_HERE',
      'Extended attributes can be written on Linux, where the package koffi is installed. Extract without --xattrs.',
    )
  }

  /**
   * @param itemPath what was written; of a link, itself
   * @param path its entry's in the image
   * @returns the names of those that were not taken
   */
  write(itemPath: string, path: string, attributes: readonly ExtendedAttribute[]): string[] {
    const lost = attributes.filter(({ name, value }) => !this.set(itemPath, name, Buffer.from(value)))
    const names = lost.map(({ name }) => name)
    this.tally.note(path, names)
    return names
  }

  /** What was not taken since this was asked last; null where all of it was. */
  takeLost(): LostAttributes | null {
    return this.tally.take()
  }

  private set(itemPath: string, name: string, value: Buffer): boolean {
    if (this.calls.set(itemPath, name, value)) return true
    // Whoever may not write a file may not give it attributes either, even its owner.
    const { mode } = fs.lstatSync(itemPath)
    const isFileOrFolder = (mode & fs.constants.S_IFMT) !== fs.constants.S_IFLNK
    if (!isFileOrFolder || (mode & OWNER_MAY_WRITE) !== 0) return false
    try {
      fs.chmodSync(itemPath, (mode & 0o7777) | OWNER_MAY_WRITE)
    } catch {
      // Somebody else's by now, or on a disk without modes.
      return false
    }
    try {
      return this.calls.set(itemPath, name, value)
    } finally {
      fs.chmodSync(itemPath, mode & 0o7777)
    }
  }
}
