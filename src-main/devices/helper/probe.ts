import { randomBytes } from 'node:crypto'
import { because } from '../../../src-shared/model/reasons'
import { DeviceError } from '../device-error'
import { alignedMemory, GRANULE, type Medium } from './medium'
import { HEAD_LENGTH } from './protocol'

/**
 * Empties both ends of a drive, where tables of partitions and their copies are, and finds out whether it has the room
 * that it says: drives that lie keep the last writes nowhere, or where the first ones are.
 * @throws {DeviceError} `DRIVE_FAULTY`
 */
export async function prepareMedium(medium: Medium): Promise<void> {
  const { byteLength } = medium
  const end = Math.max(0, Math.floor(byteLength / GRANULE) * GRANULE - HEAD_LENGTH)
  const empty = alignedMemory(HEAD_LENGTH).fill(0)
  await medium.write(empty.subarray(0, Math.min(HEAD_LENGTH, byteLength)), 0)
  if (end < HEAD_LENGTH) return medium.flush()
  const places = probePlaces(byteLength)
  const marks = alignedMemory(places.length * GRANULE)
  marks.set(randomBytes(marks.byteLength))
  const markAt = (index: number): Buffer => marks.subarray(index * GRANULE, (index + 1) * GRANULE)
  for (const [index, at] of places.entries()) await medium.write(markAt(index), at)
  await medium.flush()
  const read = alignedMemory(GRANULE)
  for (const [index, at] of places.entries()) {
    await medium.read(read, at)
    if (!read.equals(markAt(index))) throw faulty(medium, at)
  }
  await medium.read(read, 0)
  if (!read.equals(empty.subarray(0, GRANULE))) throw faulty(medium, 0)
  for (const at of places) await medium.write(empty.subarray(0, GRANULE), at)
  await medium.write(empty, end)
  await medium.flush()
}

/** The end, and every power of two: where a smaller drive would begin again. */
function probePlaces(byteLength: number): number[] {
  const last = Math.floor(byteLength / GRANULE) * GRANULE - GRANULE
  const places: number[] = []
  for (let at = HEAD_LENGTH; at < last; at *= 2) places.push(at)
  return [...places, last]
}

function faulty({ path }: Medium, at: number): DeviceError {
  return new DeviceError(
    'DRIVE_FAULTY',
    `${path} does not keep what is written to it at byte ${at}: it is smaller than it says, or broken. Use another one.`,
    at,
    because('driveFaulty', { drive: path }),
  )
}
