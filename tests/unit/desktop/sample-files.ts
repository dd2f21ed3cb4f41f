import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { temporaryFolder } from '../support'

/** What the sample disc was made from, made again: nothing of the program is asked what is right. */
export async function sampleFiles(): Promise<string> {
  const folder = temporaryFolder()
  await promisify(execFile)(process.execPath, [path.resolve('tests/images/make-sample-files.mjs'), folder])
  return folder
}
