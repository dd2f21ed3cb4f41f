import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

/** An image that takes minutes to unpack: a few kilobytes that become sixteen gigabytes. */
function endless(folder: string): string {
  const file = path.join(folder, 'endless.iso.gz.gz')
  const zeros = gzipSync(Buffer.alloc(1 << 24))
  const many = gzipSync(Buffer.concat(Array.from({ length: 1024 }, () => zeros)))
  const iso = buildIso([{ name: 'ONE.TXT;1', data: 'one' }]).bytes
  fs.writeFileSync(file, gzipSync(Buffer.concat([gzipSync(gzipSync(iso)), ...Array.from({ length: 64 }, () => many)])))
  return file
}

/** Of a process and its threads so far, in clock ticks. */
function ticks(pid: number): number {
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  return Number(fields[11]) + Number(fields[12])
}

/** Whether it does next to nothing for a second, within ten. */
async function comesToRest(pid: number): Promise<boolean> {
  for (let i = 0; i < 10; i++) {
    const before = ticks(pid)
    await wait(1000)
    if (ticks(pid) - before < 20) return true
  }
  return false
}

describe.runIf(process.platform === 'linux')('an image that takes very long to unpack', () => {
  it('is unpacked no further when nobody waits for it any more', async () => {
    const folder = temporaryFolder()
    const engine = await EngineProcess.start(path.join(folder, 'profile'))
    const { pid = 0 } = engine.child
    const location = { kind: 'path' as const, path: endless(folder), inside: [] }
    engine.send({ type: 'open-client', client: 2 })
    const id = engine.post('image.open', { location })
    engine.send({
      type: 'client',
      client: 2,
      message: { type: 'command', id: 1, name: 'image.open', input: { location } },
    })
    await wait(1500)
    engine.send({ type: 'client', client: 1, message: { type: 'cancel', id } })
    await wait(1000)
    const before = ticks(pid)
    await wait(1000)
    // The other one waits still.
    expect(ticks(pid) - before).toBeGreaterThan(20)
    engine.send({ type: 'close-client', client: 2 })
    expect(await comesToRest(pid)).toBe(true)
    await engine.shutdown()
  }, 40_000)

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends by %s as cancelled',
    async (signal) => {
      const child = spawn(process.execPath, [path.resolve('bin/isolde.mjs'), 'info', endless(temporaryFolder())])
      await wait(2500)
      child.kill(signal)
      const status = await new Promise((resolve) => child.on('exit', (code, by) => resolve(code ?? by)))
      expect(status).toBe(130)
    },
    40_000,
  )
})
