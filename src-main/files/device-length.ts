import fs from 'node:fs'
import path from 'node:path'

/**
 * The length in bytes of a block device, whose `stat` says 0.
 * @param descriptor open for reading
 */
export function deviceByteLength(devicePath: string, descriptor: number): number {
  return fromSysfs(devicePath) ?? byProbing(descriptor)
}

/** Linux: /sys/class/block/NAME/size counts 512-byte units whatever the device's own block size. */
function fromSysfs(devicePath: string): number | null {
  if (process.platform !== 'linux') return null
  try {
    const name = path.basename(fs.realpathSync(devicePath))
    const units = Number(fs.readFileSync(`/sys/class/block/${name}/size`, 'latin1').trim())
    return Number.isSafeInteger(units) && units > 0 ? units * 512 : null
  } catch {
    return null
  }
}

/** Elsewhere: doubles until a read fails, then halves the gap; some forty reads of one sector. */
function byProbing(descriptor: number): number {
  const sector = 2048
  const buffer = Buffer.allocUnsafe(sector)
  const isThere = (blockNumber: number): boolean => {
    try {
      return fs.readSync(descriptor, buffer, 0, sector, blockNumber * sector) === sector
    } catch {
      return false
    }
  }
  if (!isThere(0)) return 0
  let there = 0
  let missing = 1
  while (missing < 2 ** 40 && isThere(missing)) {
    there = missing
    missing *= 2
  }
  while (missing - there > 1) {
    const middle = Math.floor((there + missing) / 2)
    if (isThere(middle)) there = middle
    else missing = middle
  }
  return (there + 1) * sector
}
