import { fork } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { LaunchRequest } from '../../../src-main/desktop/arguments'
import { isSettled, type ShellQueue } from '../../../src-main/desktop/shell-queue'
import { ShellRunner } from '../../../src-main/desktop/shell-runner'
import { Supervisor, type ChildMessage } from '../../../src-main/engine'
import { SAMPLE, temporaryFolder, treeOf } from '../support'

/** The runner over the built engine, as the desktop has it but for the kind of process. */
async function startRunner() {
  const entry = path.resolve('dist/main/engine.js')
  if (!fs.existsSync(entry)) throw new Error('Run “npm run build” first: these tests drive the built engine.')
  const supervisor = new Supervisor({
    engine: { home: temporaryFolder(), host: 'desktop', version: '0', openAtStart: [] },
    spawn: () => {
      const child = fork(entry, [], { serialization: 'advanced', execArgv: [] })
      return {
        post: (message) => {
          if (child.connected) child.send(message)
        },
        onMessage: (listener) => void child.on('message', (message) => listener(message as ChildMessage)),
        onExit: (listener) => void child.once('exit', (code) => listener(`exit ${code ?? 0}`)),
        kill: () => void child.kill('SIGKILL'),
      }
    },
  })
  await supervisor.start()
  onTestFinished(() => supervisor.close())
  let changed: () => void = () => undefined
  const runner = new ShellRunner(supervisor, () => {
    changed()
  })
  return {
    runner,
    run: async (...launches: LaunchRequest[]): Promise<ShellQueue> => {
      const settled = new Promise<void>((resolve) => {
        changed = () => {
          if (isSettled(runner.items)) resolve()
        }
      })
      for (const launch of launches) runner.add(launch)
      await settled
      return runner.items
    },
  }
}

function imagesIn(folder: string, ...names: string[]): string[] {
  return names.map((name) => {
    const image = path.join(folder, name)
    fs.copyFileSync(SAMPLE, image)
    return image
  })
}

const launch = (action: LaunchRequest['action'], images: string[], destination: string | null = null) => ({
  action,
  images,
  destination,
})

describe('ShellRunner', () => {
  it('extracts many images beside themselves, each into a folder of its own', async () => {
    const { run } = await startRunner()
    const folder = temporaryFolder()
    const [one = '', two = ''] = imagesIn(folder, 'one.iso', 'two.iso')
    const queue = await run(launch('extract-here', [one]), launch('extract-here', [two]))
    expect(queue.map(({ state, message }) => [state, message])).toEqual([
      ['done', null],
      ['done', null],
    ])
    expect(fs.readdirSync(folder).sort()).toEqual(['one', 'one.iso', 'two', 'two.iso'])
    expect(treeOf(path.join(folder, 'two'))).toEqual(treeOf(path.join(folder, 'one')))
  })

  it('extracts into a folder of the image’s name, numbered where it is taken, or into the one named', async () => {
    const { run } = await startRunner()
    const folder = temporaryFolder()
    const [image = ''] = imagesIn(folder, 'disc.iso')
    fs.mkdirSync(path.join(folder, 'disc'))
    const out = path.join(folder, 'new', 'out')
    await run(launch('extract-to', [image]))
    await run(launch('extract-to', [image], out))
    expect(fs.readdirSync(path.join(folder, 'disc'))).toEqual([])
    expect(treeOf(path.join(folder, 'disc (2)'))).toEqual(treeOf(out))
    expect(Object.keys(treeOf(out)).length).toBeGreaterThan(0)
  })

  it('says what a check found, the second time too, and that something is no image', async () => {
    const { run } = await startRunner()
    const folder = temporaryFolder()
    const [whole = '', cut = ''] = imagesIn(folder, 'whole.iso', 'cut.iso')
    fs.truncateSync(cut, fs.statSync(cut).size - 8192)
    const text = path.join(folder, 'text.iso')
    fs.writeFileSync(text, 'not an image\n')
    const first = await run(launch('verify', [whole, cut, text]))
    expect(first.map(({ state }) => state)).toEqual(['done', 'failed', 'failed'])
    expect(first[0]?.message).toContain('has no checksums')
    expect(first[1]?.message).toContain('are missing')
    const again = await run(launch('verify', [whole]))
    expect(again.at(-1)).toMatchObject({ state: 'done', message: first[0]?.message })
  })

  it('checks every sum that an image carries', async () => {
    const { run } = await startRunner()
    const folder = temporaryFolder()
    const bytes = zlib.zstdDecompressSync(fs.readFileSync('tests/images/summed.iso.zst'))
    const [whole, spoiled] = [path.join(folder, 'whole.iso'), path.join(folder, 'spoiled.iso')]
    fs.writeFileSync(whole, bytes)
    bytes.write('X', bytes.indexOf('two\n') + 1000)
    fs.writeFileSync(spoiled, bytes)
    const queue = await run(launch('verify', [whole, spoiled]))
    expect(queue.map(({ state }) => state)).toEqual(['done', 'failed'])
    expect(queue[0]?.message).toBe('passed all checks (9).')
    expect(queue[1]?.message).toMatch(/^checks that did not pass: 4\..*first damage lies between/)
  })

  it('begins nothing more after a cancel', async () => {
    const { run, runner } = await startRunner()
    const folder = temporaryFolder()
    const ended = run(launch('extract-here', imagesIn(folder, 'a.iso', 'b.iso', 'c.iso')))
    await runner.cancel()
    await ended
    expect(runner.items.map(({ state }) => state)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect(fs.readdirSync(folder).sort()).toEqual(['a.iso', 'b.iso', 'c.iso'])
  })
})
