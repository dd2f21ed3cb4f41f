import type { ByteReader } from '../../core/byte-reader'
import type { DiagnosticLog } from '../../core/diagnostic-log'

/** Where fields lie in a primary or supplementary volume descriptor (ECMA-119 8.4, 8.5), and in its record of the root. */
const Field = {
  version: 6,
  volumeSpaceSize: 80,
  pathTableSize: 132,
  root: 156,
  rootByteLength: 166,
  rootFlags: 181,
} as const
const ROOT_RECORD_LENGTH = 34
const DIRECTORY_FLAG = 2

/**
 * Tells of fields that no volume can have as they are, and that are done without: the root knows its own length, and the
 * tree is read without a path table.
 */
export function checkFields(bytes: ByteReader, isPrimary: boolean, byteOffset: number, log: DiagnosticLog): void {
  const report = (at: number, sentence: string): void => log.recovered('DESCRIPTOR_DAMAGED', sentence, byteOffset + at)
  const isZero = (at: number): boolean => bytes.u32Le(at) === 0 && bytes.u32Be(at + 4) === 0
  const version = bytes.u8(Field.version)
  if (isPrimary && version !== 1)
    report(Field.version, `The primary volume descriptor is of version ${version}, which there is not.`)
  if (bytes.u8(Field.root) !== ROOT_RECORD_LENGTH)
    report(Field.root, 'The record of the root directory in a volume descriptor has not the length that it must have.')
  if ((bytes.u8(Field.rootFlags) & DIRECTORY_FLAG) === 0)
    report(Field.rootFlags, 'A volume descriptor does not say of the root that it is a directory.')
  if (isZero(Field.rootByteLength))
    report(Field.rootByteLength, 'A volume descriptor says that the root has no length.')
  if (isZero(Field.pathTableSize)) report(Field.pathTableSize, 'A volume descriptor says that there is no path table.')
  if (isZero(Field.volumeSpaceSize))
    report(
      Field.volumeSpaceSize,
      'A volume descriptor does not say how long the volume is: whether all of it is there cannot be told.',
    )
}

/**
 * Whether what a descriptor of another kind holds is that of a primary or supplementary one: it has a root, and what is
 * recorded in both byte orders agrees (ECMA-119 7.2.3, 7.3.3).
 */
export function holdsTree(bytes: ByteReader): boolean {
  const blockSize = bytes.u16Le(128)
  return (
    (bytes.u8(Field.version) === 1 || bytes.u8(Field.version) === 2) &&
    bytes.u8(Field.root) === ROOT_RECORD_LENGTH &&
    (bytes.u8(Field.rootFlags) & DIRECTORY_FLAG) !== 0 &&
    [512, 1024, 2048, 4096].includes(blockSize) &&
    blockSize === bytes.u16Be(130) &&
    bytes.u32Le(158) > 0 &&
    bytes.u32Le(158) === bytes.u32Be(162) &&
    bytes.u32Le(166) === bytes.u32Be(170)
  )
}
