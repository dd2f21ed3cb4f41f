import {
  writeDrive,
  type Control,
  type DrivePlan,
  type FoundDrives,
  type OfferedDrive,
  type Progress,
  type WriteOptions,
  type WrittenDrive,
} from '../engine'
import type { DriveFacts } from './drive-summary'
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
  /** For whoever sums up a failure. */
  facts: DriveFacts
  values: { json?: boolean | undefined; progress?: boolean | undefined }
  options: Omit<WriteOptions, 'onPhase'>
}

const LEFT_OUT_SHOWN = 10

/**
 * The last part of whatever writes a drive: writes, reads back, sums up.
 * @returns the exit status
 */
export async function runWriting(writing: DriveWriting): Promise<number> {
  const { offered, found, plan, path, facts, values, options } = writing
  const control = driveControl(values.progress)
  const total = plan.ranges.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const progress = (told: Progress): void => {
    // What is read back is counted on.
    facts.bytesWritten = Math.min(Math.max(facts.bytesWritten, told.bytesDone ?? 0), total)
    control.progress(told)
  }
  Object.assign(facts, { drive: offered.drive.path, byteLength: plan.byteLength, how: plan.how, parts: plan.parts })
  try {
    const written = await writeDrive(offered, found, plan, options, { ...control, progress })
    control.end()
    report(written, path, values.json === true)
    return written.leftOut.length > 0 ? EXIT.damaged : EXIT.ok
  } finally {
    control.end()
    await plan.close()
  }
}

function report(written: WrittenDrive, path: string | null, isJson: boolean): void {
  const { drive, byteLength, bytesWritten, bytesChecked, sha256, how, parts, leftOut, notes } = written
  const output = new Output()
  for (const note of notes) warn(note)
  if (isJson) {
    for (const each of leftOut) output.line(JSON.stringify({ ...each, status: 'skipped', code: 'UNSUPPORTED_KIND' }))
    const named = path === null ? {} : { path }
    const counts = { byteLength, bytesWritten, bytesChecked }
    const problems = leftOut.length
    output.line(JSON.stringify({ summary: true, drive, ...named, ...counts, sha256, how, parts, problems, notes }))
  } else {
    for (const { message } of leftOut.slice(0, LEFT_OUT_SHOWN)) warn(message)
    if (leftOut.length > LEFT_OUT_SHOWN)
      warn(`${leftOut.length - LEFT_OUT_SHOWN} more are left out; --json lists them.`)
    output.line(`${showable(drive)}: ${bytesWritten.toLocaleString('en')} bytes written (${how}).`)
    output.line(
      bytesChecked > 0
        ? 'Every byte was read back and is the same. You can take it out.'
        : 'It was not read back, as asked. You can take it out.',
    )
  }
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
