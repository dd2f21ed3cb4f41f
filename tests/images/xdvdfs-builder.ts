/** A file, or a folder of some. */
export interface XboxNode {
  name: string
  data?: Uint8Array
  children?: XboxNode[]
}

const SECTOR = 2048

/** A volume of an Xbox disc, sectors counted from its own start. The trees of its folders are balanced. */
export function buildXdvdfs(nodes: readonly XboxNode[]): Buffer {
  const sectors: Buffer[] = [Buffer.alloc(33 * SECTOR)]
  let next = 33
  const place = (bytes: Uint8Array): number => {
    const at = next
    const padded = Buffer.alloc(Math.ceil(bytes.byteLength / SECTOR) * SECTOR, 0xff)
    padded.set(bytes)
    sectors.push(padded)
    next += padded.byteLength / SECTOR
    return at
  }
  const placeFolder = (children: readonly XboxNode[]): { sector: number; length: number } => {
    const sorted = [...children].sort((a, b) => (a.name.toUpperCase() < b.name.toUpperCase() ? -1 : 1))
    const entries = sorted.map(({ name, data, children: inner }) => {
      const folder = inner === undefined ? null : placeFolder(inner)
      const bytes = Buffer.alloc(Math.ceil((14 + name.length) / 4) * 4, 0xff)
      bytes.writeUInt32LE(0, 0)
      bytes.writeUInt32LE(folder?.sector ?? place(data ?? new Uint8Array(0)), 4)
      bytes.writeUInt32LE(folder?.length ?? data?.byteLength ?? 0, 8)
      bytes[12] = folder === null ? 0x80 : 0x10
      bytes[13] = name.length
      bytes.write(name, 14, 'latin1')
      return bytes
    })
    const order: number[] = []
    const links: [number, number, number][] = []
    const balance = (from: number, to: number): number => {
      if (from >= to) return -1
      const middle = (from + to) >> 1
      order.push(middle)
      const link: [number, number, number] = [middle, -1, -1]
      links.push(link)
      link[1] = balance(from, middle)
      link[2] = balance(middle + 1, to)
      return middle
    }
    balance(0, entries.length)
    const offsets = new Map<number, number>()
    let length = 0
    for (const index of order) {
      offsets.set(index, length)
      length += entries[index]!.byteLength
    }
    for (const [index, left, right] of links) {
      entries[index]!.writeUInt16LE((offsets.get(left) ?? 0) / 4, 0)
      entries[index]!.writeUInt16LE((offsets.get(right) ?? 0) / 4, 2)
    }
    const table = Buffer.concat(order.map((index) => entries[index]!))
    const padded = Buffer.alloc(Math.max(SECTOR, Math.ceil(length / SECTOR) * SECTOR), 0xff)
    padded.set(table)
    return { sector: place(padded), length: padded.byteLength }
  }
  const root = placeFolder(nodes)
  const descriptor = sectors[0]!.subarray(32 * SECTOR)
  descriptor.write('MICROSOFT*XBOX*MEDIA')
  descriptor.writeUInt32LE(root.sector, 20)
  descriptor.writeUInt32LE(root.length, 24)
  descriptor.writeBigUInt64LE(BigInt(Date.UTC(2001, 10, 15) + 11_644_473_600_000) * 10_000n, 28)
  descriptor.write('MICROSOFT*XBOX*MEDIA', 0x7ec)
  return Buffer.concat(sectors)
}
