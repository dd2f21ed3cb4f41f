import type { ByteSource, EntryTable, MaybePromise } from '../image'

/** The content of one file, without a byte that is not recorded. */
export interface FileReader {
  /** Everything is recorded, as far as is known before it is read. */
  readonly isWhole: boolean
  /**
   * Fills `target` from `byteOffset` on.
   * @returns how many bytes there are in a row; fewer than asked for where the next one cannot be had. Never throws
   */
  readInto(target: Uint8Array, byteOffset: number): Promise<number>
  /** As `readInto`, of a file whose bytes are at hand. */
  readNow?(target: Uint8Array, byteOffset: number): number
  close(): MaybePromise<void>
}

/** A smaller range is not tried by itself, where a larger one could not be read. */
const SMALLEST = 512

/** Opens the content of a file. @param entry of kind file */
export function openFile(table: EntryTable, entry: number): FileReader {
  const status = table.statusOf(entry)
  if (status === 'lost') return NOTHING
  const run = status === 'complete' ? table.plainRunOf(entry) : null
  if (run?.file.readInto) {
    const { file, byteOffset: start } = run
    const readNow = (target: Uint8Array, byteOffset: number): number => {
      try {
        return file.readInto?.(target, start + byteOffset) ?? 0
      } catch {
        return 0
      }
    }
    const readInto = (target: Uint8Array, byteOffset: number): Promise<number> =>
      Promise.resolve(readNow(target, byteOffset))
    return { isWhole: true, readNow, readInto, close: () => undefined }
  }
  const open = (): ByteSource | null => table.content(entry)
  const content = open()
  return content === null ? NOTHING : new ContentReader(content, open, status === 'complete')
}

const NOTHING: FileReader = { isWhole: false, readInto: () => Promise.resolve(0), close: () => undefined }

/** What must be put together or unpacked, or has holes. */
class ContentReader implements FileReader {
  constructor(
    private content: ByteSource,
    private readonly open: () => ByteSource | null,
    readonly isWhole: boolean,
  ) {}

  async readInto(target: Uint8Array, byteOffset: number): Promise<number> {
    const count = await this.attempt(target, byteOffset)
    // Of what is whole nobody expects a part: the kernel asks again, page by page.
    if (count >= 0) return count
    return this.isWhole || target.byteLength <= SMALLEST ? 0 : this.readHalves(target, byteOffset)
  }

  close(): MaybePromise<void> {
    return this.content.close()
  }

  /** Finds where the bytes end that can be had. */
  private async readHalves(target: Uint8Array, byteOffset: number): Promise<number> {
    const half = target.byteLength >> 1
    const first = await this.readInto(target.subarray(0, half), byteOffset)
    if (first < half) return first
    return half + (await this.readInto(target.subarray(half), byteOffset + half))
  }

  /** −1 where something in this range cannot be read, or is not what its medium says it should be. */
  private async attempt(target: Uint8Array, byteOffset: number): Promise<number> {
    const { content } = this
    const problems: string[] = []
    try {
      const bytes =
        content.readChecked === undefined
          ? await content.read(byteOffset, target.byteLength)
          : await content.readChecked(byteOffset, target.byteLength, (problem) => problems.push(problem))
      if (problems.length > 0) return -1
      if (content.readChecked === undefined && (content.damage ?? null) !== null) {
        // It says that there was damage, and of no later read whether there was more.
        this.content = this.open() ?? content
        return -1
      }
      target.set(bytes.byteLength > target.byteLength ? bytes.subarray(0, target.byteLength) : bytes)
      return Math.min(bytes.byteLength, target.byteLength)
    } catch {
      return -1
    }
  }
}
