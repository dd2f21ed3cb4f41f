import { crc32 } from 'node:zlib'
import type { DeepKind } from './deep-kind'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const PIECE_BYTES = 1 << 20

/** PNG (third edition) 5.3: each chunk carries a CRC of its type and its data. */
export const png: DeepKind = {
  probe: (head) => Buffer.compare(Buffer.from(head.subarray(0, 8)), SIGNATURE) === 0,

  async check(content, checkpoint) {
    for (let at = 8; at < content.byteLength;) {
      await checkpoint()
      const head = Buffer.from(await content.read(at, 8))
      if (head.byteLength < 8) return 'it ends within a chunk.'
      const length = head.readUInt32BE(0)
      const type = head.toString('latin1', 4, 8)
      if (at + 12 + length > content.byteLength) return `its chunk ${shown(type)} at byte ${at} reaches behind its end.`
      let sum = crc32(head.subarray(4))
      for (let done = 0; done < length;) {
        const bytes = await content.read(at + 8 + done, Math.min(PIECE_BYTES, length - done))
        if (bytes.byteLength === 0) return 'it ends within a chunk.'
        sum = crc32(bytes, sum)
        done += bytes.byteLength
        await checkpoint()
      }
      const kept = Buffer.from(await content.read(at + 8 + length, 4))
      if (kept.byteLength < 4 || kept.readUInt32BE(0) !== sum)
        return `its chunk ${shown(type)} at byte ${at} does not give its own CRC.`
      // 5.6: what follows the last chunk is none of the picture.
      if (type === 'IEND') return null
      at += 12 + length
    }
    return 'its last chunk (IEND) is missing.'
  },
}

function shown(type: string): string {
  return /^[A-Za-z]{4}$/.test(type) ? type : 'without a type'
}
