import { toErrorShape } from '../../src-shared/contract/errors'
import type { DrivePart } from '../engine'
import { UsageError } from './exit-status'
import { Output, OutputClosed } from './output'
import { inSentence } from './system-error'

/** What is known of work on a drive; whoever does it fills it in as it becomes known. */
export interface DriveFacts {
  drive: string
  /** The image; absent where there is none. */
  path?: string
  /** In bytes. */
  byteLength: number | null
  bytesWritten: number
  how: string | null
  parts: readonly DrivePart[]
}

/** Before anything has been done. @param path the image’s */
export function driveFacts(drive: string, path?: string): DriveFacts {
  return {
    drive,
    ...(path === undefined ? {} : { path }),
    ...{ byteLength: null, bytesWritten: 0, how: null, parts: [] },
  }
}

/**
 * Does something with a drive. Where it fails, and a script wants JSON, what went wrong is a line, and the last one is the
 * summary as ever; a command line that is wrong has neither.
 * @throws whatever the work throws
 */
export async function summedUp(isJson: boolean, facts: DriveFacts, work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (isJson && !(error instanceof UsageError) && !(error instanceof OutputClosed)) reportFailure(facts, error)
    throw error
  }
}

function reportFailure({ drive, path, ...facts }: DriveFacts, thrown: unknown): void {
  const { code, message } = toErrorShape(inSentence(thrown))
  const { byteOffset = null } = thrown as { byteOffset?: number | null }
  const named = path === undefined ? { drive } : { drive, path }
  const output = new Output()
  output.line(JSON.stringify({ ...named, status: 'failed', code, message, byteOffset }))
  const { byteLength, bytesWritten, how, parts } = facts
  const counts = { byteLength, bytesWritten, bytesChecked: 0, sha256: null }
  output.line(JSON.stringify({ summary: true, ...named, ...counts, how, parts, problems: 1 }))
  output.flush()
}
