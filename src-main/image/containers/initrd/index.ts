import { CPIO_HEADER_LENGTH, isCpio, readCpioHeader } from '../../core/cpio-header'
import type { ByteSource } from '../../core/byte-source'
import { sureIf } from '../../core/likelihood'
import { PagedSource } from '../../core/sources/paged-source'
import { streamContainer } from '../stream/stream-container'
import { StreamError } from '../stream/stream-input'
import { decodeParts, isTrailer, PartInput, partDecoderOf, WITHOUT_REPORT } from './parts'

const CHUNK_LENGTH = 64 * 1024

/**
 * What Linux starts from (initramfs): cpio archives one behind the other, each as it is or packed by itself. Archives
 * that are not packed need no unpacking, and a lone one that is packed is one of these as well.
 */
export const initrd = streamContainer({
  id: 'initrd',
  extension: 'initrd',
  probe: ({ head }) => sureIf(isCpio(head) || partDecoderOf(head) !== null),
  decode: decodeParts,
  isStream: async (source) => {
    const head = await source.read(0, CPIO_HEADER_LENGTH)
    return isCpio(head) ? packedFollows(new PagedSource(source)) : unpacksToCpio(source, head)
  },
})

/** Whether something packed follows the archives that a file begins with. */
async function packedFollows(source: ByteSource): Promise<boolean> {
  let isOpen = true
  for (let at = 0; at < source.byteLength;) {
    const bytes = await source.read(at, CPIO_HEADER_LENGTH)
    const header = readCpioHeader(bytes)
    if (header !== null) {
      isOpen = !isTrailer(await source.read(at + header.nameAt, header.nameLength))
      at += header.end
      continue
    }
    const zeros = bytes.findIndex((byte) => byte !== 0)
    if (isOpen || zeros === 0) return !isOpen && partDecoderOf(bytes) !== null
    at += zeros < 0 ? bytes.byteLength : zeros
    if (bytes.byteLength === 0) return false
  }
  return false
}

async function unpacksToCpio(source: ByteSource, head: Uint8Array): Promise<boolean> {
  const decode = partDecoderOf(head)
  if (decode === null) return false
  let position = 0
  const input = new PartInput(async () => {
    const bytes = await source.read(position, CHUNK_LENGTH)
    position += bytes.byteLength
    return bytes
  })
  try {
    for await (const bytes of decode(input, WITHOUT_REPORT)) if (bytes.byteLength >= 6) return isCpio(bytes)
  } catch (error) {
    if (!(error instanceof StreamError)) throw error
  }
  return false
}
