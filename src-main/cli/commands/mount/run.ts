import { spawn } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import { mountImage, type MountedImage } from '../../../engine'
import { cleanPath, imageArgument, locationOptions, parse, type ValuesOf } from '../../arguments'
import { EXIT } from '../../exit-status'
import { Output, showable, warn } from '../../output'
import { mount } from './definition'

const DAMAGE_SHOWN = 10

/** `isolde mount IMAGE`: an image as a drive, until it is unmounted. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(mount, args)
  const image = imageArgument('mount', positionals, 1)
  locationOptions(values)
  return values.foreground === true ? serve(image, values) : inBackground(image, values)
}

async function serve(image: string, values: ValuesOf<typeof mount>): Promise<number> {
  // Whoever started this in the background has gone when there is something to say.
  process.stderr.on('error', () => undefined)
  const inside = (values.inside ?? []).map(cleanPath)
  const { charset = null, view = null, at = null } = values
  const mounted = await mountImage({ path: image, inside, charset, view, at })
  endBySignals(mounted)
  for (const sentence of mounted.damage.slice(0, DAMAGE_SHOWN)) warn(`${image}: ${sentence}`)
  const output = new Output()
  const facts = {
    mountPoint: mounted.mountPoint,
    path: path.resolve(image),
    inside,
    view: mounted.view,
    pid: process.pid,
  }
  output.line(values.json === true ? JSON.stringify(facts) : showable(mounted.mountPoint))
  output.flush()
  const problem = await mounted.ended
  if (problem === null) return EXIT.ok
  warn(`${image} is not mounted any more: ${problem}.`)
  return EXIT.refused
}

/** The first signal unmounts; what is open on it keeps it going, and the second one ends that too. */
function endBySignals(mounted: MountedImage): void {
  let isAsked = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      // The thread waits in the kernel, where no polite end reaches it.
      if (isAsked) process.kill(process.pid, 'SIGKILL')
      isAsked = true
      mounted
        .unmount(false)
        .catch(() => mounted.unmount(true))
        .catch((error: unknown) => {
          isAsked = false
          warn((error as Error).message)
        })
    })
}

/** The same command in a process of its own, which is left alone once it has said where the image is. */
function inBackground(image: string, values: ValuesOf<typeof mount>): Promise<number> {
  const { at, charset, inside = [], json, view } = values
  const args = [
    ...(at === undefined ? [] : [`--at=${path.resolve(at)}`]),
    ...(charset === undefined ? [] : [`--charset=${charset}`]),
    ...(view === undefined ? [] : [`--view=${view}`]),
    ...(json === true ? ['--json'] : []),
    ...inside.map((each) => `--inside=${each}`),
  ]
  const script = process.argv[1] ?? ''
  const command = [...process.execArgv, script, 'mount', '--foreground', ...args, '--', path.resolve(image)]
  const child = spawn(process.execPath, command, {
    detached: true,
    // No folder is kept busy by it.
    cwd: os.homedir().startsWith('/') ? '/' : os.homedir(),
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (bytes: Buffer) => {
      process.stderr.write(bytes)
    })
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (!said.includes('\n')) return
      // What it had to warn of was written before, and has come by then.
      setImmediate(() => {
        const output = new Output()
        output.line(said.slice(0, said.indexOf('\n')))
        output.flush()
        child.stdout.destroy()
        child.stderr.destroy()
        child.unref()
        resolve(EXIT.ok)
      })
    })
    child.on('error', reject)
    child.on('close', (status) => {
      resolve(status ?? EXIT.refused)
    })
  })
}
