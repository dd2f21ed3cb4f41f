import { execFile } from 'node:child_process'
import fs from 'node:fs'

const PROGRAMS = ['/usr/sbin/blockdev', '/sbin/blockdev']

/**
 * Has the system look at a drive’s table of partitions again: where no udev watches drives, nobody else does. What it says
 * to that does not matter, since the drive is written.
 * @param path of the drive, which is closed
 */
export async function rereadTable(path: string): Promise<void> {
  const program = PROGRAMS.find((each) => fs.existsSync(each))
  if (program === undefined) return
  await new Promise<void>((resolve) => {
    execFile(program, ['--rereadpt', path], { env: { LC_ALL: 'C' }, timeout: 30_000 }, () => {
      resolve()
    })
  })
}
