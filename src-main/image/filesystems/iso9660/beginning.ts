import { ByteReader, type ByteReader as Reader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { Beginning, FoundBeginning } from '../file-system'
import { DescriptorType, SECTOR_LENGTH, SYSTEM_AREA_SECTORS } from './volume-descriptor'

const MARK = 'CD001'
/** Descriptors in front of the primary one: boot records, where a writer puts them there. */
const PRIMARY_WITHIN = 8

/** How sectors lie: their whole length, and where their user data begins (ECMA-130 14). In bytes. */
interface Sectors {
  stride: number
  dataOffset: number
}

/** As plain blocks, and as raw sectors of mode 1 and mode 2. */
const FORMS: readonly Sectors[] = [
  { stride: SECTOR_LENGTH, dataOffset: 0 },
  { stride: 2352, dataOffset: 16 },
  { stride: 2352, dataOffset: 24 },
]

/** ECMA-119 6.2.1: the volume descriptors begin in sector 16. */
export const beginnings: readonly Beginning[] = FORMS.map((form) => ({
  mark: Buffer.from(MARK, 'latin1'),
  at: SYSTEM_AREA_SECTORS * form.stride + form.dataOffset + 1,
  look: (source, byteOffset) => look(source, byteOffset, form),
}))

async function look(source: ByteSource, byteOffset: number, form: Sectors): Promise<FoundBeginning | null> {
  const sector = async (number: number): Promise<Reader> =>
    new ByteReader(await source.read(byteOffset + number * form.stride + form.dataOffset, SECTOR_LENGTH))
  // One of several descriptors in a row, and not the first of them.
  if ((await sector(SYSTEM_AREA_SECTORS - 1)).matches(1, MARK)) return null
  for (let index = 0; index < PRIMARY_WITHIN; index++) {
    const descriptor = await sector(SYSTEM_AREA_SECTORS + index)
    if (!descriptor.matches(1, MARK)) return null
    if (descriptor.u8(0) !== DescriptorType.primary) continue
    const blockSize = descriptor.u16Le(128)
    const blocks = descriptor.u32Le(80)
    if (!isPrimary(descriptor)) return null
    const byteLength = Math.ceil((blocks * blockSize) / SECTOR_LENGTH) * form.stride
    const rootPlace = (descriptor.u32Le(158) + descriptor.u8(157)) * blockSize
    const root = await sector(Math.floor(rootPlace / SECTOR_LENGTH))
    const own = root.sub(rootPlace % SECTOR_LENGTH, 34)
    // ECMA-119 6.8.2.2: the first record of a directory describes the directory itself.
    const hasRoot = own.u8(0) >= 34 && own.u8(32) === 1 && own.u8(33) === 0 && own.u32Le(2) === descriptor.u32Le(158)
    return { byteLength, hasRoot }
  }
  return null
}

/** ECMA-119 8.4: numbers recorded in both byte orders agree, and the root’s record is where it has to be. */
function isPrimary(bytes: Reader): boolean {
  return (
    bytes.u8(6) === 1 &&
    bytes.u32Le(80) === bytes.u32Be(84) &&
    bytes.u32Le(80) > SYSTEM_AREA_SECTORS &&
    bytes.u16Le(128) === bytes.u16Be(130) &&
    [512, 1024, 2048].includes(bytes.u16Le(128)) &&
    bytes.u8(156) === 34 &&
    bytes.u32Le(158) === bytes.u32Be(162)
  )
}
