import {
  DeviceError,
  writeDrive,
  type Control,
  type DrivePlan,
  type FoundDrives,
  type OfferedDrive,
  type Progress,
  type WriteOptions,
  type WrittenDrive,
} from '../engine'
import { EXIT } from './exit-status'
import { watchInterrupts } from './interrupts'
import { Output, showable, warn } from './output'
import { ProgressLine } from './progress-line'

export interface DriveWriting {
  offered: OfferedDrive
  found: FoundDrives
  plan: DrivePlan
  /** Of the image; null where none is written. */
  path: string | null
  values: { json?: boolean | undefined; progress?: boolean | undefined }
  options: Omit<WriteOptions, 'onPhase'>
}

/**
 * The last part of whatever writes a drive: writes, reads back, sums up. A failed check is summed up too.
 * @returns the exit status
 */
export async function runWriting({ offered, found, plan, path, values, options }: DriveWriting): Promise<number> {
  const control = driveControl(values.progress)
  const isJson = values.json === true
  try {
    const written = await writeDrive(offered, found, plan, options, control)
    control.end()
    report(written, path, isJson)
    return EXIT.ok
  } catch (error) {
    control.end()
    if (isJson && error instanceof DeviceError && error.code === 'CHECK_FAILED')
      reportFailure(offered, plan, path, error)
    throw error
  } finally {
    await plan.close()
  }
}

function report(written: WrittenDrive, path: string | null, isJson: boolean): void {
  const { drive, byteLength, bytesWritten, bytesChecked, sha256, how, parts, notes } = written
  const output = new Output()
  for (const note of notes) warn(note)
  if (isJson) {
    const named = path === null ? {} : { path }
    const counts = { byteLength, bytesWritten, bytesChecked }
    output.line(JSON.stringify({ summary: true, drive, ...named, ...counts, sha256, how, parts, problems: 0, notes }))
  } else {
    output.line(`${showable(drive)}: ${bytesWritten.toLocaleString('en')} bytes written (${how}).`)
    output.line(
      bytesChecked > 0
        ? 'Every byte was read back and is the same. You can take it out.'
        : 'It was not read back, as asked. You can take it out.',
    )
  }
  output.flush()
}

function reportFailure(
  { drive }: OfferedDrive,
  { byteLength, how, parts, ranges }: DrivePlan,
  path: string | null,
  { code, message, byteOffset }: DeviceError,
): void {
  const output = new Output()
  const bytesWritten = ranges.reduce((sum, each) => sum + each.byteLength, 0)
  const named = path === null ? {} : { path }
  const problem = { code, message, byteOffset }
  output.line(JSON.stringify({ drive: drive.path, ...problem }))
  const counts = { byteLength, bytesWritten, bytesChecked: 0, sha256: null }
  output.line(JSON.stringify({ summary: true, drive: drive.path, ...named, ...counts, how, parts, problems: 1 }))
  output.flush()
}

export interface DriveControl extends Control {
  end(): void
}

/** Watches Ctrl+C and shows how far a drive is. @param wanted true, or undefined for where somebody looks */
export function driveControl(wanted: boolean | undefined): DriveControl {
  const stop = watchInterrupts()
  const line = ProgressLine.for(wanted)
  let phase = ''
  return {
    checkpoint: () => stop.checkpoint(),
    progress(progress: Progress) {
      phase = progress.phase ?? phase
      line.take({ ...progress, current: phase })
    },
    end() {
      line.clear()
      stop.end()
    },
  }
}
