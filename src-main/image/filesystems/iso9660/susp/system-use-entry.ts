/** SUSP 4: two letters as a little-endian number, as the hot loop compares them. */
export function signature(letters: string): number {
  return letters.charCodeAt(0) | (letters.charCodeAt(1) << 8)
}

export const SP = signature('SP')
export const CE = signature('CE')
export const ST = signature('ST')
export const PX = signature('PX')
export const PN = signature('PN')
export const SL = signature('SL')
export const NM = signature('NM')
export const CL = signature('CL')
export const PL = signature('PL')
export const RE = signature('RE')
export const RR = signature('RR')
export const ER = signature('ER')
export const TF = signature('TF')
export const SF = signature('SF')
/** AAIP 2.0: attributes. */
export const AL = signature('AL')
export const ZF = signature('ZF')
export const Z2 = signature('Z2')

/** SUSP 5.3: check bytes BE EF, then the bytes to skip at the start of every other system use field. */
export function readSharingProtocol(bytes: Uint8Array, from: number, to: number): { skip: number } | null {
  // CD-ROM XA puts 14 bytes of its own in front of everything (System Description CD-ROM XA II.2.7).
  for (const at of [from, from + 14]) {
    if (at + 7 > to) continue
    if (bytes[at] === 0x53 && bytes[at + 1] === 0x50 && bytes[at + 4] === 0xbe && bytes[at + 5] === 0xef) {
      // Where XA stands in front of SP, it stands in front of every field, whether SP counts it or not.
      return { skip: Math.max(bytes[at + 6] ?? 0, at - from) }
    }
  }
  return null
}
