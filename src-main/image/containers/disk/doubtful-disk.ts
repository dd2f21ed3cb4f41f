import type { ByteSource, Place } from '../../core/byte-source'
import { DiskSource, mayBeSuspect, type DiskMap } from './disk-source'
import type { Doubts } from './doubts'

/** A disk some of whose bytes may be other than written: they are given, and whoever checks is told. */
class DoubtfulDisk extends DiskSource {
  constructor(
    name: string,
    byteLength: number,
    map: DiskMap,
    sources: readonly ByteSource[],
    private readonly doubts: Doubts,
  ) {
    super(name, byteLength, map, sources)
  }

  readChecked(byteOffset: number, byteLength: number, wrong: (problem: string) => void): Promise<Uint8Array> {
    for (const { problem } of this.doubts.within(byteOffset, byteLength)) wrong(problem)
    return this.gather(byteOffset, byteLength, wrong)
  }

  isSuspect(byteOffset: number, byteLength: number): boolean {
    return this.doubts.within(byteOffset, byteLength).length > 0 || this.isSuspectBelow(byteOffset, byteLength)
  }

  /** What is checked is not read past the check. */
  override locate(byteOffset: number, byteLength: number): Place | null {
    const clear = this.doubts.clearFor(byteOffset, byteLength)
    return clear <= 0 ? null : super.locate(byteOffset, clear)
  }
}

/**
 * A virtual disk; one that can be checked only where there is something to check it for.
 * @param sources everything that is to be closed with it
 * @param doubts what its own tables say against it
 */
export function openDisk(
  name: string,
  byteLength: number,
  map: DiskMap,
  sources: readonly ByteSource[],
  doubts: Doubts,
): DiskSource {
  const isDoubtful = !doubts.isEmpty || sources.some(mayBeSuspect)
  return isDoubtful
    ? new DoubtfulDisk(name, byteLength, map, sources, doubts)
    : new DiskSource(name, byteLength, map, sources)
}
