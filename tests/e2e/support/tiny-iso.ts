import { open } from 'node:fs/promises'

const BLOCK = 2048
const ROOT_BLOCK = 20
const DATA_BLOCK = 21

/**
 * Writes the smallest ISO 9660 image that holds one file, as large as wanted: its content is a hole in the image file,
 * so that gigabytes cost nothing to make and still take their time to extract.
 */
export async function writeTinyIso(path: string, name: string, byteLength: number): Promise<void> {
  const dataBlocks = Math.ceil(byteLength / BLOCK)
  const descriptor = Buffer.alloc(BLOCK)
  descriptor.write('\x01CD001\x01', 0, 'latin1')
  descriptor.fill(' ', 8, 72)
  descriptor.write('TINY'.padEnd(32), 40, 'latin1')
  both32(descriptor, 80, DATA_BLOCK + dataBlocks)
  both16(descriptor, 120, 1)
  both16(descriptor, 124, 1)
  both16(descriptor, 128, BLOCK)
  both32(descriptor, 132, 10)
  descriptor.writeUInt32LE(18, 140)
  descriptor.writeUInt32BE(19, 148)
  record(ROOT_BLOCK, BLOCK, true, '\0').copy(descriptor, 156)
  descriptor.fill(' ', 190, 813)
  descriptor.fill('0', 813, 881)
  descriptor[881] = 1

  const terminator = Buffer.alloc(BLOCK)
  terminator.write('\xffCD001\x01', 0, 'latin1')

  const littlePaths = Buffer.alloc(BLOCK)
  littlePaths[0] = 1
  littlePaths.writeUInt32LE(ROOT_BLOCK, 2)
  littlePaths.writeUInt16LE(1, 6)
  const bigPaths = Buffer.alloc(BLOCK)
  bigPaths[0] = 1
  bigPaths.writeUInt32BE(ROOT_BLOCK, 2)
  bigPaths.writeUInt16BE(1, 6)

  const root = Buffer.alloc(BLOCK)
  let at = 0
  for (const one of [
    record(ROOT_BLOCK, BLOCK, true, '\0'),
    record(ROOT_BLOCK, BLOCK, true, '\x01'),
    record(DATA_BLOCK, byteLength, false, `${name};1`),
  ])
    at += one.copy(root, at)

  const file = await open(path, 'w')
  await file.write(Buffer.concat([descriptor, terminator, littlePaths, bigPaths, root]), 0, undefined, 16 * BLOCK)
  await file.truncate((DATA_BLOCK + dataBlocks) * BLOCK)
  await file.close()
}

/** A directory record (ECMA-119, clause 9.1). */
function record(block: number, byteLength: number, isDirectory: boolean, name: string): Buffer {
  const length = 33 + name.length + (name.length % 2 === 0 ? 1 : 0)
  const bytes = Buffer.alloc(length)
  bytes[0] = length
  both32(bytes, 2, block)
  both32(bytes, 10, byteLength)
  bytes.set([126, 3, 4, 5, 6, 7, 0], 18)
  bytes[25] = isDirectory ? 2 : 0
  both16(bytes, 28, 1)
  bytes[32] = name.length
  bytes.write(name, 33, 'latin1')
  return bytes
}

function both32(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt32LE(value, at)
  bytes.writeUInt32BE(value, at + 4)
}

function both16(bytes: Buffer, at: number, value: number): void {
  bytes.writeUInt16LE(value, at)
  bytes.writeUInt16BE(value, at + 2)
}
