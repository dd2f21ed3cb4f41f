import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder, treeOf } from '../unit/support'
import { ISOLDE, isComplete, leftovers, plantOld, startIsolde, writeImage, wrongFiles } from './support'

const isRoot = process.getuid?.() === 0

/** A small disk of its own; null where this user may not mount one. */
function smallDisk(megabytes: number): string | null {
  const folder = temporaryFolder()
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]).status === 0
  if (!mounted) return null
  onTestFinished(() => {
    spawnSync('umount', ['-l', folder])
  })
  return folder
}

describe('a full disk', () => {
  it('is told before the first byte when it can be known', async ({ skip }) => {
    const disk = smallDisk(4)
    if (disk === null) return skip('only root may mount a small disk')
    const image = writeImage(temporaryFolder(), 200)
    const { code, stderr } = await startIsolde(['extract', image.path, '--to', path.join(disk, 'out')]).ended
    expect(code).toBe(4)
    expect(stderr).toContain('free')
    expect(fs.readdirSync(disk)).toEqual([])
  })

  it('met halfway leaves old files as they were, and nothing half', async ({ skip }) => {
    // Small files take a whole page each, so that what seemed to fit does not.
    const disk = smallDisk(20)
    if (disk === null) return skip('only root may mount a small disk')
    const image = writeImage(temporaryFolder(), 5000, 0)
    const destination = path.join(disk, 'out')
    fs.mkdirSync(path.join(destination, 'D000'), { recursive: true })
    fs.writeFileSync(path.join(destination, 'D000', 'F0000.DAT'), 'mine')
    const before = treeOf(destination)
    const run = startIsolde(['extract', image.path, '--to', destination, '--on-conflict', 'overwrite', '-q'])
    const { code, stderr } = await run.ended
    expect(code).toBe(4)
    expect(stderr).toContain('no space')
    expect(treeOf(destination)).toEqual(before)
  })
})

/**
 * The words before a command that make it one whom rights bind. Root is bound by none: as root the command is started
 * without the capabilities that pass over them, and may still enter whatever is root's own, wherever this folder lies.
 * Null where that cannot be had.
 */
function boundByRights(): string[] | null {
  if (!isRoot) return []
  const limits = ['--bounding-set', '-dac_override,-dac_read_search']
  const reading = [process.execPath, '-e', `require('fs').readFileSync(process.argv[1])`, ISOLDE]
  return spawnSync('setpriv', [...limits, ...reading]).status === 0 ? ['setpriv', ...limits] : null
}

/** Waits until a run has put so many files beside their final names; false where it ended before. */
async function reaches(destination: string, files: number, child: ChildProcess): Promise<boolean> {
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const [stage] = leftovers(destination)
    if (stage !== undefined && countFiles(path.join(destination, stage)) >= files) return true
    await wait(5)
  }
  return false
}

/** Folders may go while they are counted. */
function countFiles(folder: string): number {
  try {
    return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length
  } catch {
    return 0
  }
}

/** Of a folder and what is right below it. */
function setRights(destination: string, mode: number): void {
  const below = fs.readdirSync(destination).map((name) => path.join(destination, name))
  for (const folder of [...below, destination]) fs.chmodSync(folder, mode)
}

describe('a destination whose rights are taken away meanwhile', () => {
  it.for([0, 500, 2000])('keeps what it had: after %d files', async (files, { skip }) => {
    const before = boundByRights()
    if (before === null) return skip('as root it needs setpriv, and this folder to be root’s own')
    const folder = temporaryFolder()
    const image = writeImage(folder, 3000)
    const destination = path.join(folder, 'out')
    plantOld(destination, image)
    const run = startIsolde(['extract', image.path, '--to', destination, '--on-conflict', 'overwrite', '-q'], {
      before,
      env: { ...process.env, HOME: folder },
    })
    onTestFinished(() => {
      setRights(destination, 0o755)
    })
    expect(await reaches(destination, files, run.child)).toBe(true)
    setRights(destination, 0o555)
    // In the middle of it, and not before or after: it meets what was taken away, and says so.
    expect(run.child.exitCode).toBe(null)
    const { code, stderr } = await run.ended
    expect(stderr).toMatch(/permission to write/)
    expect(code).toBe(4)
    expect(wrongFiles(destination, image)).toEqual([])
  })
})

describe('a racing program', () => {
  it('that swaps folders for links gets nothing written where it points', async () => {
    const folder = temporaryFolder()
    const outside = temporaryFolder()
    const image = writeImage(folder, 3000, 0)
    const destination = path.join(folder, 'out')
    fs.mkdirSync(destination)
    // Looks for the stage and exchanges every folder in it for a link, again and again.
    const racer = spawn(process.execPath, ['-e', RACER, destination, outside], { stdio: 'ignore' })
    onTestFinished(() => {
      racer.kill('SIGKILL')
    })
    const codes = new Set<number | null>()
    for (let round = 0; round < 8; round++) {
      const { code } = await startIsolde([
        'extract',
        image.path,
        '--to',
        destination,
        '--on-conflict',
        'overwrite',
        '-q',
      ]).ended
      codes.add(code)
      // It exchanges final names too, which is its own doing and must not happen while they are looked at.
      racer.kill('SIGSTOP')
      expect(fs.readdirSync(outside)).toEqual([])
      expect(wrongFiles(destination, image)).toEqual([])
      racer.kill('SIGCONT')
    }
    racer.kill('SIGKILL')
    for (const code of codes) expect([0, 1, 4]).toContain(code)
    fs.rmSync(destination, { recursive: true, force: true })
    expect((await startIsolde(['extract', image.path, '--to', destination, '-q']).ended).code).toBe(0)
    expect(isComplete(destination, image)).toBe(true)
    expect(leftovers(folder)).toEqual([])
  })
})

const RACER = `
const fs = require('fs'), path = require('path')
const [destination, outside] = process.argv.slice(1)
for (;;) {
  let stages = []
  try { stages = fs.readdirSync(destination).filter((name) => name.startsWith('.isolde')) } catch {}
  for (const stage of [...stages, '.'])
    try {
      for (const name of fs.readdirSync(path.join(destination, stage)).slice(-5)) {
        if (name.startsWith('.')) continue
        const folder = path.join(destination, stage, name)
        if (!fs.lstatSync(folder).isDirectory()) continue
        fs.renameSync(folder, folder + '.moved')
        fs.symlinkSync(outside, folder)
        fs.unlinkSync(folder)
        fs.renameSync(folder + '.moved', folder)
      }
    } catch {}
}
`
