import { because, explainReadError, type JobPhase } from '../../src-shared/model'
import type { ByteSource } from '../image'
import { CancelledError, type Control } from '../task'
import { DeviceError } from './device-error'
import type { InUse } from './drive'
import { assertMayWrite, type FoundDrives, type OfferedDrive } from './find-drives'
import { DriveHelper } from './helper-client'
import { HEAD_LENGTH, PAYLOAD_LIMIT, type DriveRange } from './helper/protocol'
import { driveName, identityOf } from './identity'
import type { DrivePart, DrivePlan, LeftOut } from './plan/drive-plan'

export type Phase = Exclude<JobPhase, 'reading'>

export interface WriteOptions {
  /** What was typed. */
  confirm: string
  isChecked: boolean
  isFixedAllowed: boolean
  /** What is in use besides the program itself; told to the helper, which looks for itself. */
  inUse: readonly InUse[]
  /** Waited for, at the beginning of each. */
  onPhase?: (phase: Phase) => void | Promise<void>
  /** Asked when all is written but the first MiB: a sentence where the image is not what it was. */
  problemOf?: () => string | null
}

export interface WrittenDrive {
  drive: string
  /** From the drive’s first byte to the last one that counts. */
  byteLength: number
  bytesWritten: number
  bytesChecked: number
  /** Of what was written, in order, in hexadecimal. */
  sha256: string
  how: DrivePlan['how']
  parts: DrivePart[]
  /** What of the image is not on the drive. */
  leftOut: LeftOut[]
  /** Sentences on what was not as it is to be, though the drive is whole. */
  notes: string[]
}

/** How many pieces may be on their way to the helper. */
const AHEAD = 3
const NOT_EMPTIED = 'Nothing was changed.'
const EMPTIED = 'The drive is empty now; write to it again.'

/**
 * Writes what was planned to one drive and reads all of it back. The first MiB is the last that is written: whatever goes
 * wrong or is cancelled before that leaves a drive that looks empty.
 * @throws {DeviceError} `DRIVE_REFUSED`, `NOT_CONFIRMED`, `DRIVE_CHANGED`, `DRIVE_BUSY`, `DRIVE_TOO_SMALL`, `DRIVE_FAULTY`,
 *   `DRIVE_GONE`, `CHECK_FAILED`, …
 * @throws {CancelledError}
 */
export async function writeDrive(
  offered: OfferedDrive,
  found: FoundDrives,
  plan: DrivePlan,
  options: WriteOptions,
  control: Control,
): Promise<WrittenDrive> {
  const { drive } = offered
  assertSystem(process.platform)
  assertMayWrite(offered, options.confirm, found)
  if (plan.byteLength > drive.byteLength)
    throw new DeviceError(
      'DRIVE_TOO_SMALL',
      `${driveName(drive)} has ${drive.byteLength} bytes, and ${plan.byteLength} are needed. Use a larger one.`,
      null,
      because('driveTooSmall', { drive: driveName(drive), size: drive.byteLength, needed: plan.byteLength }),
    )
  const total = plan.ranges.reduce((sum, { byteLength }) => sum + byteLength, 0)
  control.progress({ bytesTotal: options.isChecked ? total * 2 : total, isCounting: false })
  const enter = async (phase: Phase): Promise<void> => {
    control.progress({ phase })
    await options.onPhase?.(phase)
  }
  await enter('preparing')
  await control.checkpoint()
  let base = 0
  const helper = await DriveHelper.start({
    drivePath: drive.path,
    imageDescriptor: plan.descriptor,
    onProgress: (bytesDone) => {
      control.progress({ bytesDone: base + bytesDone })
    },
  })
  const watch = watchFor(control, helper)
  let state = NOT_EMPTIED
  try {
    const identity = identityOf(drive)
    const { answer: opened } = await helper.ask({
      op: 'open',
      identity,
      isFixedAllowed: options.isFixedAllowed,
      inUse: [...options.inUse],
    })
    control.begin?.()
    state = EMPTIED
    await helper.ask({ op: 'prepare' })
    await enter('writing')
    await send(plan, helper)
    if (options.isChecked) {
      await helper.ask({ op: 'flush', isChecked: false })
      await enter('checking')
      base = total
    }
    const { answer: flushed } = await helper.ask({ op: 'flush', isChecked: options.isChecked })
    if (flushed.different !== null) throw await checkFailure(plan, flushed.different, drive.path, helper)
    const problem = options.problemOf?.() ?? null
    if (problem !== null) throw new DeviceError('SOURCE_CHANGED', `${problem} ${state}`)
    control.commit?.()
    await enter('finishing')
    const { answer: head } = await helper.ask({ op: 'head', isChecked: options.isChecked })
    if (head.different !== null) throw await checkFailure(plan, head.different, drive.path, null)
    const notes =
      opened.isDirect || !options.isChecked
        ? plan.notes
        : [
            ...plan.notes,
            'What was read back may have come out of the system’s cache: this file system has no direct access.',
          ]
    return {
      drive: drive.path,
      byteLength: plan.byteLength,
      bytesWritten: total,
      bytesChecked: flushed.bytesChecked + head.bytesChecked,
      sha256: flushed.sha256,
      how: plan.how,
      parts: plan.parts,
      leftOut: plan.leftOut,
      notes,
    }
  } catch (error) {
    if (watch.isCancelled || (error as { code?: string }).code === 'CANCELLED')
      throw new CancelledError().because(`Cancelled. ${state}`)
    throw error
  } finally {
    watch.end()
    await helper.end()
  }
}

/** @throws {DeviceError} `UNSUPPORTED_HERE` where nothing opens a drive for one program alone yet */
export function assertSystem(platform: NodeJS.Platform): void {
  if (platform !== 'linux') throw new DeviceError('UNSUPPORTED_HERE', 'Drives are written on Linux only so far.')
}

/** Hears a cancellation while the helper works, which is when nothing else here does. */
function watchFor(control: Control, helper: DriveHelper): { readonly isCancelled: boolean; end: () => void } {
  let isCancelled = false
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy || isCancelled) return
    isBusy = true
    void Promise.resolve()
      .then(() => control.checkpoint())
      .catch(() => {
        isCancelled = true
        helper.stop()
      })
      .finally(() => {
        isBusy = false
      })
  }, 100)
  return {
    get isCancelled() {
      return isCancelled
    },
    end: () => {
      clearInterval(timer)
    },
  }
}

async function send(plan: DrivePlan, helper: DriveHelper): Promise<void> {
  const onTheWay: Promise<unknown>[] = []
  for (const range of plan.ranges) {
    if (range.copyFrom !== undefined) {
      await Promise.all(onTheWay.splice(0))
      const { byteOffset: at, byteLength, copyFrom: from } = range
      await helper.ask({ op: 'copy', from, at, byteLength })
      continue
    }
    const end = range.byteOffset + range.byteLength
    for (let at = range.byteOffset; at < end;) {
      const bytes = await readAll(plan.source, at, Math.min(PAYLOAD_LIMIT, end - at))
      const asked = helper.ask({ op: 'write', at }, bytes)
      asked.catch(() => undefined)
      onTheWay.push(asked)
      if (onTheWay.length >= AHEAD) await onTheWay.shift()
      at += bytes.byteLength
    }
  }
  await Promise.all(onTheWay)
}

/**
 * @throws {DeviceError} `CONTENT_DAMAGED` where the source ends too early, or gives bytes that are known to be wrong;
 *   `SOURCE_UNREADABLE`
 */
async function readAll(source: ByteSource, at: number, byteLength: number): Promise<Uint8Array> {
  const problems: string[] = []
  const wrong = (problem: string): void => void problems.push(problem)
  let bytes: Uint8Array
  try {
    bytes = await (source.readChecked?.(at, byteLength, wrong) ?? source.read(at, byteLength))
  } catch (error) {
    throw unreadableImage(error, at)
  }
  const [problem] = problems
  if (problem !== undefined) throw damagedImage(`The image is damaged at byte ${at}: ${problem}`, at)
  if (bytes.byteLength < byteLength)
    throw damagedImage(`The image ends at byte ${at + bytes.byteLength}; it is cut.`, at)
  return bytes
}

function damagedImage(why: string, at: number): DeviceError {
  return new DeviceError('CONTENT_DAMAGED', `${why} ${EMPTIED}`, at)
}

/** What the image’s own reader says, and what has become of the drive meanwhile; a defect of the program as it is. */
function unreadableImage(error: unknown, at: number): unknown {
  if (error instanceof DeviceError) return error
  const { name, code, message } = error as NodeJS.ErrnoException
  if (name !== 'SourceError' && typeof (error as NodeJS.ErrnoException).errno !== 'number') return error
  const why = name === 'SourceError' ? message : explainReadError(error, 'The image').message
  return new DeviceError(code === 'CONTENT_DAMAGED' ? code : 'SOURCE_UNREADABLE', `${why} ${EMPTIED}`, at)
}

/** Names the first byte that is another one, and the file that it belongs to. */
async function checkFailure(
  plan: DrivePlan,
  { byteOffset, byteLength }: DriveRange,
  path: string,
  helper: DriveHelper | null,
): Promise<DeviceError> {
  let at = byteOffset
  if (helper !== null) {
    try {
      const wanted = await plan.source.read(byteOffset, byteLength)
      const { payload } = await helper.ask({ op: 'read', at: byteOffset, byteLength })
      // The first MiB was compared in memory: it is not on the drive yet.
      const first = payload.findIndex((byte, i) => byteOffset + i >= HEAD_LENGTH && byte !== wanted[i])
      if (first >= 0) at += first
    } catch {
      // Read once more, it may be as it should; it was not.
    }
  }
  const name = await plan.nameAt(at).catch(() => null)
  const where = name === null ? '' : `, in “${name}”`
  return new DeviceError(
    'CHECK_FAILED',
    `${path} does not give back what was written to it: the first difference is at byte ${at}${where}. Use another drive; this one was left empty.`,
    at,
    because('driveDiffers', { drive: path, at }),
  )
}
