import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { temporaryFolder, treeOf } from '../unit/support'
import { isComplete, leftovers, plantOld, startIsolde, writeImage, wrongFiles } from './support'

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

describe('a destination whose rights are taken away meanwhile', () => {
  it('keeps what it had', async ({ skip }) => {
    if (!isRoot) return skip('needs another user to run as')
    const folder = temporaryFolder()
    fs.chmodSync(folder, 0o755)
    const image = writeImage(folder, 3000)
    fs.chmodSync(image.path, 0o644)
    for (const moment of [150, 250, 350]) {
      const destination = path.join(folder, `out ${moment}`)
      plantOld(destination, image)
      spawnSync('chown', ['-R', '65534:65534', destination])
      const run = startIsolde(['extract', image.path, '--to', destination, '--on-conflict', 'overwrite', '-q'], {
        uid: 65_534,
        gid: 65_534,
        env: { ...process.env, HOME: folder, NODE_COMPILE_CACHE: '' },
      })
      await wait(moment)
      fs.chmodSync(destination, 0o555)
      for (const name of fs.readdirSync(destination)) fs.chmodSync(path.join(destination, name), 0o555)
      const { code, stderr } = await run.ended
      expect([0, 4]).toContain(code)
      if (code === 4) expect(stderr).toMatch(/may not write/)
      expect(wrongFiles(destination, image)).toEqual([])
    }
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
