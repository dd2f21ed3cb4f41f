import { ByteReader } from './core/byte-reader'
import type { ByteSource } from './core/byte-source'
import { VOLUME_HEAD_LENGTH } from './filesystems/file-system'
import { FILE_SYSTEMS } from './filesystems/registry'

/** Whether a volume begins at a place that proves itself by more than a signature. */
export async function isVolumeAt(source: ByteSource, byteOffset: number): Promise<boolean> {
  const head = new ByteReader(await source.read(byteOffset, VOLUME_HEAD_LENGTH))
  return FILE_SYSTEMS.some((fileSystem) => fileSystem.proves?.(head) === true)
}
