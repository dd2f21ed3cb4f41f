import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import packageJson from '../../../../package.json'
import { LOG_LEVELS, logLevelOf, profileFolder, startEngine, type LogLevel } from '../../../engine'
import { startWebdavServer, startWebHost } from '../../../web'
import { imageArgument, locationOptions, parse, type ValuesOf } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { openLocation } from '../../open-location'
import { Output, warn } from '../../output'
import { chooseView } from '../../view-choice'
import { serve } from './definition'

/** `isolde serve [IMAGE …]`: the window in a browser of this computer, until it is interrupted. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(serve, args)
  const port = portOf(values.port)
  if (values.webdav === true) return serveWebdav(positionals, values, port)
  for (const name of ['view', 'inside', 'charset'] as const)
    if (values[name] !== undefined) throw new UsageError(`--${name} goes with --webdav only.`, 'serve')
  const engine = await startEngine(
    {
      home: profileFolder(),
      host: 'web',
      version: packageJson.version,
      openAtStart: positionals.map((image) => path.resolve(image)),
      logLevel: levelOf(values['log-level'] ?? process.env.ISOLDE_LOG),
    },
    warn,
  )
  const host = await startWebHost({
    port,
    distFolder: fileURLToPath(new URL('../renderer', import.meta.url)),
    engine,
  }).catch(async (error: unknown) => {
    await engine.close()
    throw explainListening(error, port)
  })
  const output = new Output()
  output.line(host.address)
  output.flush()
  if (values['no-open'] !== true) openBrowser(host.address)
  await interrupted()
  await host.close()
  await engine.close()
  return EXIT.ok
}

/** `isolde serve --webdav IMAGE`: the files of one view, until it is interrupted. */
async function serveWebdav(images: string[], values: ValuesOf<typeof serve>, port: number): Promise<number> {
  const image = imageArgument('serve', images, 1)
  const opened = await openLocation(image, locationOptions(values))
  try {
    const table = await chooseView(opened.image, values.view).readTree()
    const isRewritten = (): boolean => opened.rewritten().length > 0
    const { name } = opened.image.info
    const server = await startWebdavServer({ port, table, name, isRewritten }).catch((error: unknown) => {
      throw explainListening(error, port)
    })
    const output = new Output()
    output.line(server.address)
    output.flush()
    await interrupted()
    await server.close()
    return EXIT.ok
  } finally {
    await opened.close()
  }
}

function levelOf(word: string | undefined): LogLevel {
  const level = word === undefined || word === '' ? 'info' : logLevelOf(word)
  if (level === null)
    throw new UsageError(`--log-level and ISOLDE_LOG take ${LOG_LEVELS.join(', ')}; not “${word ?? ''}”.`, 'serve')
  return level
}

function portOf(value: string | undefined): number {
  const port = Number(value ?? 0)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port takes a number from 0 to 65535; not “${value ?? ''}”.`, 'serve')
  return port
}

function explainListening(error: unknown, port: number): unknown {
  const code = (error as { code?: string }).code
  if (code === 'EADDRINUSE')
    return new UsageError(`Port ${port} is taken. Choose another with --port, or none.`, 'serve')
  if (code === 'EACCES') return new UsageError(`Port ${port} may not be used by you. Choose one above 1023.`, 'serve')
  return error
}

/** The system's own way to open an address; where there is none, the printed address is enough. */
function openBrowser(address: string): void {
  const options = { stdio: 'ignore', detached: true } as const
  const child =
    process.platform === 'win32'
      ? spawn('rundll32', ['url.dll,FileProtocolHandler', address], options)
      : spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [address], options)
  child.on('error', () => undefined)
  child.unref()
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => {
        resolve()
      })
  })
}
