import { isAllZero, matchesAscii } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import { Likelihood } from '../../core/likelihood'
import { SliceSource } from '../../core/sources/slice-source'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { Container } from '../container'
import { ELF_MAGIC, placesBehindProgram } from './program'
import { placesBehindZeros } from './zeros'

const SECTOR = 512

/**
 * A volume behind something else: a program that mounts it, as AppImages of type 2 are, or zeros, as `mksquashfs -offset`
 * leaves room. Only what proves itself is taken, and only where it has to begin: programs hold all kinds of bytes.
 */
export const appended: Container = {
  id: 'appended',
  probe: ({ head }) => (isProgram(head) || isAllZero(head.subarray(0, SECTOR)) ? Likelihood.maybe : Likelihood.no),
  open: async (source, { name, log, isVolumeAt }) => {
    const tolerant = new TolerantSource(source, log)
    const isBehindProgram = isProgram(await tolerant.read(0, ELF_MAGIC.length))
    const places = await (isBehindProgram ? placesBehindProgram(tolerant) : placesBehindZeros(tolerant))
    for (const place of places) {
      if (place <= 0 || place >= source.byteLength || !(await isVolumeAt(tolerant, place))) continue
      return {
        blocks: new Behind(source, place),
        labels: [isBehindProgram ? 'appimage' : 'offset'],
        name: name.replace(/\.appimage$/i, ''),
      }
    }
    return null
  },
}

function isProgram(head: Uint8Array): boolean {
  return matchesAscii(head, 0, ELF_MAGIC)
}

/** What follows a place, which closes what it lies in. */
class Behind extends SliceSource {
  constructor(
    private readonly whole: ByteSource,
    byteOffset: number,
  ) {
    super(whole, byteOffset)
  }

  override close(): MaybePromise<void> {
    return this.whole.close()
  }
}
