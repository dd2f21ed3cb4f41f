// Writes Rock Ridge images of one flat folder, which no mastering program makes of a million files in reasonable time.
import fs from 'node:fs'

const SECTOR = 2048
const DIRECTORY_BLOCK = 20

/**
 * @param label told from other images by it, and by nothing else
 * @param byteLengthOf of each file; all of them altogether are more than any disk holds unless it is told
 */
export function writeFlatIso(file, entryCount, label, byteLengthOf = (i) => (i * 7919) % 1_000_003) {
  const directory = directoryOf(entryCount)
  const dataBlock = DIRECTORY_BLOCK + directory.length / SECTOR
  const blocks = dataBlock + 600
  const descriptor = fs.openSync(file, 'w')
  fs.ftruncateSync(descriptor, blocks * SECTOR)
  fs.writeSync(descriptor, primaryDescriptor(label, directory.length, blocks), 0, SECTOR, 16 * SECTOR)
  const end = Buffer.alloc(SECTOR)
  end[0] = 255
  end.write('CD001', 1, 'latin1')
  end[6] = 1
  fs.writeSync(descriptor, end, 0, SECTOR, 17 * SECTOR)
  fs.writeSync(descriptor, directory, 0, directory.length, DIRECTORY_BLOCK * SECTOR)
  fs.closeSync(descriptor)

  function directoryOf(count) {
    const own = record('\0', DIRECTORY_BLOCK, 0, 2, 0, Buffer.concat([SP, px(0o40755)]))
    const parent = record('\x01', DIRECTORY_BLOCK, 0, 2, 0, px(0o40755))
    const sectors = []
    let sector = Buffer.alloc(SECTOR)
    let at = 0
    const put = (bytes) => {
      if (at + bytes.length > SECTOR) {
        sectors.push(sector)
        sector = Buffer.alloc(SECTOR)
        at = 0
      }
      bytes.copy(sector, at)
      at += bytes.length
    }
    put(own)
    put(parent)
    // Two passes would be needed to know where contents begin; what lies in the folder itself does as well.
    for (let i = 0; i < count; i++) {
      const name = `picture ${i} of the collection.jpeg`
      const use = Buffer.concat([px(0o100644), nm(name)])
      put(record(`F${String(i).padStart(7, '0')}.;1`, DIRECTORY_BLOCK, byteLengthOf(i), 0, i, use))
    }
    sectors.push(sector)
    const whole = Buffer.concat(sectors)
    // The folder's length is in its own two records.
    for (const offset of [0, own.length]) both32(whole.length).copy(whole, offset + 10)
    return whole
  }
}

const SP = Buffer.from([0x53, 0x50, 7, 1, 0xbe, 0xef, 0])

function px(mode) {
  return Buffer.concat([Buffer.from([0x50, 0x58, 36, 1]), both32(mode), both32(1), both32(1000), both32(100)])
}

function nm(name) {
  return Buffer.concat([Buffer.from([0x4e, 0x4d, 5 + name.length, 1, 0]), Buffer.from(name, 'latin1')])
}

function record(identifier, block, byteLength, flags, number, use) {
  const padding = identifier.length % 2 === 0 ? 1 : 0
  const head = Buffer.alloc(33 + identifier.length + padding)
  const length = head.length + use.length + ((head.length + use.length) % 2)
  head[0] = length
  both32(block).copy(head, 2)
  both32(byteLength).copy(head, 10)
  Buffer.from([100 + (number % 24), 1 + (number % 12), 1 + (number % 28), number % 24, number % 60, 0, 0]).copy(
    head,
    18,
  )
  head[25] = flags
  Buffer.from([1, 0, 0, 1]).copy(head, 28)
  head[32] = identifier.length
  head.write(identifier, 33, 'latin1')
  return Buffer.concat([head, use], length)
}

function primaryDescriptor(label, directoryLength, blocks) {
  const bytes = Buffer.alloc(SECTOR)
  bytes[0] = 1
  bytes.write('CD001', 1, 'latin1')
  bytes[6] = 1
  bytes.write(''.padEnd(32), 8, 'latin1')
  bytes.write(label.padEnd(32), 40, 'latin1')
  both32(blocks).copy(bytes, 80)
  for (const at of [120, 124]) Buffer.from([1, 0, 0, 1]).copy(bytes, at)
  Buffer.from([0, 8, 8, 0]).copy(bytes, 128)
  const root = record('\0', DIRECTORY_BLOCK, directoryLength, 2, 0, Buffer.alloc(0))
  root.copy(bytes, 156)
  bytes.fill(0x20, 190, 813)
  bytes[881] = 1
  return bytes
}

function both32(value) {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE(value, 0)
  bytes.writeUInt32BE(value, 4)
  return bytes
}
