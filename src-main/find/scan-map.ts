import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from '../sinks/make-folders'
import { explainReadError } from '../../src-shared/model'
import { PlainFileError, readPlainFile } from '../files/plain-file'
import { ByteMap } from '../image/core/byte-map'
import { MAP_TEXT_LIMIT, MapFileError, readMapFile, writeMapFile } from '../image/core/map-file'
import { FindError } from './find-error'

const SAVE_EVERY_MS = 5000
/** In a comment, which ddrescue passes over: where an image may begin. */
const HIT = /^# found at (\d{1,16})$/gm
const BY = 'find'

/** What of a source has been looked at, as a map of ddrescue; where images may begin stands in its comments. */
export class ScanMap {
  readonly hits = new Set<number>()
  private readonly map: ByteMap
  private savedAt = Date.now()

  /**
   * @param mapPath null: nothing is kept
   * @param isRequired whether it is an error that it cannot be kept
   */
  constructor(
    private mapPath: string | null,
    private readonly byteLength: number,
    private readonly isRequired: boolean,
  ) {
    this.map = new ByteMap(byteLength, BY)
    this.map.mark({ byteOffset: 0, byteLength, state: 'unread', by: BY })
  }

  /**
   * Takes in what an earlier search has kept; nothing where there was none.
   * @throws {FindError} `BAD_MAP` for one of another source, or why it cannot be read
   */
  resume(): void {
    if (this.mapPath === null) return
    const text = this.read(this.mapPath)
    if (text === null) return
    const last = this.parse(text, this.mapPath)
    if (last !== this.byteLength)
      throw new FindError(
        'BAD_MAP',
        `${this.mapPath} is a map of ${last} bytes, and what is searched has ${this.byteLength}: leave out --resume to begin anew.`,
      )
    for (const [, place] of text.matchAll(HIT)) {
      const byteOffset = Number(place)
      if (byteOffset < this.byteLength) this.hits.add(byteOffset)
    }
  }

  /** Whether all of a range has been looked at. */
  isDone(byteOffset: number, byteLength: number): boolean {
    return this.map.within(byteOffset, byteLength).every(({ state }) => state !== 'unread')
  }

  markRead(byteOffset: number, byteLength: number): void {
    this.map.mend({ byteOffset, byteLength, state: 'present', by: BY })
  }

  markBad(byteOffset: number, byteLength: number): void {
    this.map.mend({ byteOffset, byteLength, state: 'bad', by: BY })
  }

  /** How many of the bytes of some runs could not be read. */
  badIn(runs: readonly number[]): number {
    let sum = 0
    for (let at = 0; at + 1 < runs.length; at += 2)
      for (const { state, byteLength } of this.map.within(
        runs[at] ?? 0,
        (runs[at] ?? -1) < 0 ? 0 : (runs[at + 1] ?? 0),
      ))
        if (state === 'bad') sum += byteLength
    return sum
  }

  get badByteLength(): number {
    return this.map.count('bad')
  }

  /**
   * Keeps what is known: now and then, or at once. The file is whole at any moment.
   * @throws {FindError} where it cannot be written
   */
  save(isNow = false): void {
    if (this.mapPath === null || (!isNow && Date.now() - this.savedAt < SAVE_EVERY_MS)) return
    this.savedAt = Date.now()
    const hits = [...this.hits].sort((a, b) => a - b).map((place) => `# found at ${place}\n`)
    const beside = `${this.mapPath}.new`
    try {
      makeFolders(path.dirname(this.mapPath))
      fs.writeFileSync(beside, writeMapFile(this.map) + hits.join(''))
      fs.renameSync(beside, this.mapPath)
    } catch (error) {
      const { mapPath } = this
      this.mapPath = null
      if (!this.isRequired) return
      throw new FindError(
        'WRITE_FAILED',
        `${mapPath} cannot be written (${(error as Error).message}). Name another with --map.`,
      )
    }
  }

  private read(mapPath: string): string | null {
    try {
      return readPlainFile(mapPath, MAP_TEXT_LIMIT).toString('utf8')
    } catch (error) {
      if (error instanceof PlainFileError)
        throw new FindError(
          'BAD_MAP',
          `${mapPath} is no map of ddrescue: it is no file, or too long. Name another with --map.`,
        )
      const { code, message } = explainReadError(error, mapPath)
      if (code === 'NO_SUCH_FILE') return null
      throw new FindError(code, message)
    }
  }

  /** @returns where the map ends, in bytes */
  private parse(text: string, mapPath: string): number {
    try {
      const { blocks } = readMapFile(text, mapPath)
      let end = 0
      for (const { byteOffset, byteLength, status } of blocks) {
        if (status === '+') this.markRead(byteOffset, byteLength)
        if (status === '-') this.markBad(byteOffset, byteLength)
        end = byteOffset + byteLength
      }
      return end
    } catch (error) {
      if (error instanceof MapFileError) throw new FindError(error.code, error.message)
      throw error
    }
  }
}
