import { toErrorShape } from '../../src-shared/contract/errors'
import { EXIT, exitStatusOf, UsageError } from './exit-status'
import { COMMAND_HELP, GENERAL_HELP } from './help'
import { Output, OutputClosed, warn } from './output'
import { inSentence } from './system-error'
import packageJson from '../../package.json'

type Command = (args: string[]) => Promise<number>

/** Each command's code is loaded when it is asked for: `list` needs no database, `info` no server. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  info: () => import('./commands/info').then((module) => module.info),
  list: () => import('./commands/list').then((module) => module.list),
  extract: () => import('./commands/extract').then((module) => module.extract),
  cat: () => import('./commands/cat').then((module) => module.cat),
  convert: () => import('./commands/convert').then((module) => module.convert),
  create: () => import('./commands/create').then((module) => module.create),
  edit: () => import('./commands/edit').then((module) => module.edit),
  verify: () => import('./commands/verify').then((module) => module.verify),
  hash: () => import('./commands/hash').then((module) => module.hash),
  compare: () => import('./commands/compare').then((module) => module.compare),
  search: () => import('./commands/search').then((module) => module.search),
  serve: () => import('./commands/serve').then((module) => module.serve),
}

/** Runs a command line (without `node` and the script) and answers the exit status. */
export async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === '--version' || name === '-V') return print(packageJson.version)
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return print(COMMAND_HELP[rest[0] ?? ''] ?? GENERAL_HELP, name === undefined ? EXIT.usage : EXIT.ok)
  try {
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (!load) throw new UsageError(`“${name}” is not a command.`)
    const end = rest.indexOf('--')
    const options = end < 0 ? rest : rest.slice(0, end)
    if (options.includes('--help') || options.includes('-h')) return print(COMMAND_HELP[name] ?? GENERAL_HELP)
    return await (
      await load()
    )(rest)
  } catch (error) {
    return reportError(error)
  }
}

function print(text: string, status: number = EXIT.ok): number {
  const output = new Output()
  output.line(text)
  output.flush()
  return status
}

function reportError(thrown: unknown): number {
  if (thrown instanceof OutputClosed) return EXIT.ok
  const error = inSentence(thrown)
  const shape = toErrorShape(error)
  warn(shape.message)
  if (error instanceof UsageError)
    warn(`see “isolde ${error.command === undefined ? '--help' : `${error.command} --help`}”.`)
  // A defect of the program, not of the input: whoever reports it needs to say where.
  if (shape.code === 'INTERNAL' && process.env.ISOLDE_DEBUG !== undefined && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`)
  return exitStatusOf(error)
}

process.exitCode = await main(process.argv.slice(2))
