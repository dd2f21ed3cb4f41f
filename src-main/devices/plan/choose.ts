import fs from 'node:fs'
import type { Diagnostic } from '../../../src-shared/model'
import type { ByteSource } from '../../image'
import { DeviceError } from '../device-error'
import type { InUse } from '../drive'
import { assertPartitions, partitionsOf, planAsIs } from './as-is'
import type { DrivePlan } from './drive-plan'
import { canPlanFiles, planFiles, type FilesRequest } from './files'
import { assertIntact, cutShort } from './wholeness'

export interface PlanRequest extends FilesRequest {
  /** The file that was named, where its bytes are the disk’s; null where containers or images around it were opened. */
  file: ByteSource | null
  /** Null: as suits the image. */
  how: 'as-is' | 'files' | null
  /** Moves a GPT’s copy to the end of the drive. */
  isFitted: boolean
  /** Of the images around it, too; absent: it lies in none. */
  containerDamage?: readonly Diagnostic[]
}

/**
 * What a drive is to hold of an image: the image as it is where it was made for drives, else its files where firmware
 * starts them from a FAT partition.
 * @throws {DeviceError} `NOT_FOR_DRIVES` where neither is possible, with what would help; `CONTENT_DAMAGED` for an image
 *   that is known to be cut or damaged
 */
export async function planDrive(request: PlanRequest): Promise<DrivePlan> {
  const { image, file, how, isFitted, driveLength } = request
  const { name } = image.info
  assertIntact(image, request.containerDamage ?? image.containerDamage)
  const blocks = file ?? image.blocks
  const isForDrives = (await partitionsOf(blocks)).length > 0
  if (image.info.completeness.status === 'truncated') {
    // Which partition is cut says more than that something is.
    if (isForDrives) await assertPartitions(image, blocks)
    throw cutShort(image)
  }
  const isWindows = how !== 'as-is' && (how === 'files' || !isForDrives) && (await canPlanFiles(image))
  if (how === 'files' || (how === null && !isForDrives)) {
    if (!isWindows)
      throw new DeviceError(
        'NOT_FOR_DRIVES',
        isForDrives
          ? `${name} has no EFI/BOOT/BOOT*.EFI, so that nothing would start from its files. Write it as it is: --how as-is.`
          : `No machine would start from a drive with ${name}: it has neither a partition table nor EFI/BOOT/BOOT*.EFI. Burn it to a disc, or use it in a virtual machine.`,
      )
    if (isFitted) throw new DeviceError('BAD_REQUEST', '--fit goes with --how as-is.')
    return planFiles(request)
  }
  if (request.table !== null)
    throw new DeviceError('BAD_REQUEST', `--table goes with --how files; ${name} is written as it is.`)
  return planAsIs({ image, blocks }, { driveLength, isFitted })
}

/**
 * The files that an image is read from: the one that was named, and those that it leads to.
 * @param path of the one that was named; null where it has none
 */
export function filesInUse(path: string | null, blocks: ByteSource): InUse[] {
  const paths = new Set(path === null ? [] : [path])
  const LIMIT = 4096
  for (let at = 0, steps = 0; at < blocks.byteLength && steps < LIMIT; steps++) {
    const place = blocks.locate(at, blocks.byteLength - at)
    const own = place?.file.descriptor
    if (own !== undefined) paths.add(pathOf(own) ?? '')
    at += Math.max(place?.byteLength ?? blocks.byteLength, 1)
  }
  paths.delete('')
  return [...paths].map((each) => ({ kind: 'image', path: each }))
}

/** Null where the system does not say. */
function pathOf(descriptor: number): string | null {
  try {
    return fs.readlinkSync(`/proc/self/fd/${descriptor}`)
  } catch {
    return null
  }
}
