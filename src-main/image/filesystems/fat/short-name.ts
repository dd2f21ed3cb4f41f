/** What a person types into a short name (FAT specification 6.1) in place of a letter of a name that was ASCII. */
const TYPED = /[A-Z0-9 !#$%&'()\-@^_`{}~]/

/**
 * Whether a short name was made of a long one, and has one byte that is damaged since: with that byte mended, the sum
 * that the long name repeats fits, and it begins as the long one does. A person who renames a file in DOS leaves its
 * long name behind, too, but types more than one bit.
 * @param short eleven bytes as recorded
 */
export function isOneByteOff(short: Uint8Array, checksum: number, long: string): boolean {
  // What the sum must be behind each byte, from the last on, for it to become what the long name repeats.
  const after = [...short, 0]
  let wanted = checksum
  for (let i = 10; i >= 0; i--) {
    after[i] = wanted
    wanted = (wanted - (short[i] ?? 0)) & 0xff
    wanted = ((wanted << 1) | (wanted >> 7)) & 0xff
  }
  let sum = 0
  for (let i = 0; i < 11; i++) {
    const turned = ((sum & 1) << 7) + (sum >> 1)
    const byte = short[i] ?? 0
    const mended = ((after[i] ?? 0) - turned) & 0xff
    sum = (turned + byte) & 0xff
    if (!isOneBit(byte ^ mended) && TYPED.test(String.fromCharCode(byte))) continue
    if (isMadeOf(String.fromCharCode(...short.subarray(0, i), mended, ...short.subarray(i + 1)), long)) return true
  }
  return false
}

function isOneBit(bits: number): boolean {
  return bits !== 0 && (bits & (bits - 1)) === 0
}

/** Whether a short name begins as the long one does, before a number behind a tilde, and has its extension. */
function isMadeOf(short: string, long: string): boolean {
  const dot = long.lastIndexOf('.')
  const stem = dot > 0 ? long.slice(0, dot) : long
  const extension = dot > 0 ? long.slice(dot + 1) : ''
  const base = short.slice(0, 8).trimEnd()
  const front = base.replace(/~\d+$/, '')
  if (front === base && base.length < Math.min(8, stem.replace(/[ .]/g, '').length)) return false
  // Windows tells the fifth of its like by four digits of a sum, behind two letters.
  const isBeginning = [front, front.replace(/^(.{1,2})[0-9A-F]{4}$/s, '$1')].some((letters) => begins(stem, letters))
  return isBeginning && begins(extension, short.slice(8).trimEnd(), Math.min(extension.length, 3))
}

/** Some writers leave out blanks and dots, others put something else in their place. */
function begins(long: string, short: string, least = 1): boolean {
  if (short.length < least) return false
  return [long.replace(/[ .]/g, ''), long].some((letters) => {
    const upper = letters.toUpperCase()
    if (short.length > upper.length) return false
    for (let i = 0; i < short.length; i++) if (short[i] !== upper[i] && /[A-Z0-9]/.test(upper[i] ?? '')) return false
    return true
  })
}
