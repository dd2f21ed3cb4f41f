import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** Null where this user can mount; else why not, for the name of what is skipped. */
export function whyNotMountable(): string | null {
  if (process.platform !== 'linux') return 'mounts are made on Linux only'
  const hasHelper = fs.existsSync('/usr/bin/fusermount3') || fs.existsSync('/bin/fusermount3')
  try {
    fs.accessSync('/dev/fuse', fs.constants.R_OK | fs.constants.W_OK)
  } catch {
    return '/dev/fuse is not there for this user'
  }
  if (!hasHelper) return 'there is no fusermount3'
  return process.getuid?.() === 0 && !mayRootMount() ? 'root may mount nothing here' : null
}

/** In a container root is often not allowed to. */
function mayRootMount(): boolean {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-mountable-'))
  try {
    if (spawnSync('mount', ['-t', 'tmpfs', 'none', folder]).status !== 0) return false
    spawnSync('umount', [folder])
    return true
  } finally {
    fs.rmdirSync(folder)
  }
}
