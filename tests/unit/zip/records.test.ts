import { expect, test } from 'vitest'
import { centralHeader, dataDescriptor, endRecords, localHeader, METHOD } from '../../../src-main/zip/records'

const entry = { path: 'a', modified: NaN, mode: 0o100_644 }
const large = {
  method: METHOD.deflated,
  isEncrypted: false,
  hasDescriptor: true,
  isLong: true,
  crc: 0x01020304,
  packedByteLength: 0x1_0000_0001,
  byteLength: 0x2_0000_0002,
}

test('lengths beyond 32 bits stand in a field of their own, the unpacked one first (APPNOTE 4.5.3)', () => {
  const local = localHeader(entry, { ...large, hasDescriptor: false })
  expect(local.subarray(18, 26)).toEqual(Buffer.alloc(8, 0xff))
  expect(local.readUInt16LE(31)).toBe(1)
  expect(local.readBigUInt64LE(35)).toBe(0x2_0000_0002n)
  expect(local.readBigUInt64LE(43)).toBe(0x1_0000_0001n)
  const descriptor = dataDescriptor(large)
  expect([descriptor.readBigUInt64LE(8), descriptor.readBigUInt64LE(16)]).toEqual([0x1_0000_0001n, 0x2_0000_0002n])
})

test('the directory has eight bytes only for what needs them', () => {
  const far = centralHeader(entry, { ...large, packedByteLength: 5, byteLength: 6 }, 0x3_0000_0003)
  expect([far.readUInt32LE(20), far.readUInt32LE(24), far.readUInt32LE(42)]).toEqual([5, 6, 0xffff_ffff])
  expect(far.readUInt16LE(49)).toBe(8)
  expect(far.readBigUInt64LE(51)).toBe(0x3_0000_0003n)
  expect(centralHeader(entry, { ...large, packedByteLength: 5, byteLength: 6 }, 7).readUInt16LE(30)).toBe(0)
})

test('a file beyond 4 GiB ends with a record that says where its directory is (APPNOTE 4.3.14)', () => {
  expect(endRecords(3, 100, 50)).toHaveLength(22)
  const end = endRecords(3, 0x1_0000_0000, 50)
  expect(end.readBigUInt64LE(48)).toBe(0x1_0000_0000n)
  expect(end.readUInt32LE(56)).toBe(0x07064b50)
  expect(end.readBigUInt64LE(64)).toBe(0x1_0000_0032n)
  expect(end.readUInt32LE(92)).toBe(0xffff_ffff)
})
