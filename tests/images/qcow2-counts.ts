/** A qcow2 image with the counts of its clusters behind it, 16 bits each; it shares nothing with the reader. */
export function withCounts(image: Buffer): Buffer {
  const bits = image.readUInt32BE(20)
  const length = 1 << bits
  const used = Math.ceil(image.byteLength / length)
  const counts = new Map<number, number>()
  const add = (byteOffset: number, byteLength: number): void => {
    for (let at = Math.floor(byteOffset / length); at * length < byteOffset + byteLength; at++)
      counts.set(at, (counts.get(at) ?? 0) + 1)
  }
  const offsetAt = (at: number): number => Number(image.readBigUInt64BE(at) & 0x00fffffffffffe00n)
  const [tableOffset, tableCount] = [Number(image.readBigUInt64BE(40)), image.readUInt32BE(36)]
  add(0, length)
  add(tableOffset, tableCount * 8)
  for (let table = 0; table < tableCount; table++) {
    const second = offsetAt(tableOffset + table * 8)
    if (second === 0) continue
    add(second, length)
    for (let at = second; at < second + length; at += 8) {
      const entry = image.readBigUInt64BE(at)
      if ((entry & (1n << 62n)) === 0n) {
        if (offsetAt(at) > 0) add(offsetAt(at), length)
        continue
      }
      const offsetBits = BigInt(62 - (bits - 8))
      const place = Number(entry & ((1n << offsetBits) - 1n))
      const sectors = Number((entry & ((1n << 62n) - 1n)) >> offsetBits) + 1
      add(place, sectors * 512 - (place % 512))
    }
  }
  const perBlock = length / 2
  const blockCount = Math.ceil((used + 2) / perBlock)
  const table = Buffer.alloc(length)
  const blocks = Buffer.alloc(blockCount * length)
  add(used * length, table.byteLength + blocks.byteLength)
  for (let block = 0; block < blockCount; block++) table.writeBigUInt64BE(BigInt((used + 1 + block) * length), block * 8)
  for (const [cluster, count] of counts) blocks.writeUInt16BE(count, cluster * 2)
  const whole = Buffer.concat([image, Buffer.alloc(used * length - image.byteLength), table, blocks])
  whole.writeBigUInt64BE(BigInt(used * length), 48)
  whole.writeUInt32BE(1, 56)
  return whole
}

/** Where the count of a cluster stands. */
export function countAt(image: Buffer, cluster: number): number {
  return Number(image.readBigUInt64BE(Number(image.readBigUInt64BE(48)))) + cluster * 2
}
