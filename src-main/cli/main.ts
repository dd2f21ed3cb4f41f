import { toErrorShape } from '../../src-shared/contract/errors'
import { EXIT, exitStatusOf, UsageError } from './exit-status'
import { commandHelp, generalHelp } from './help'
import { Output, OutputClosed, warn } from './output'
import { inSentence } from './system-error'
import { COMMANDS, type Command } from './registry'
import packageJson from '../../package.json'

/** Runs a command line (without `node` and the script) and answers the exit status. */
export async function main(args: string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === '--version' || name === '-V') return print(packageJson.version)
  if (name === undefined) return print(generalHelp(), EXIT.usage)
  try {
    if (name === '--help' || name === '-h' || name === 'help') return print(helpFor(rest[0]))
    const command = find(name)
    const end = rest.indexOf('--')
    const options = end < 0 ? rest : rest.slice(0, end)
    if (options.includes('--help') || options.includes('-h')) return print(commandHelp(command.definition))
    assertEnvironment()
    const { run } = await command.load()
    return await run(rest)
  } catch (error) {
    return reportError(error)
  }
}

/** @throws {UsageError} where there is none of that name */
function find(name: string): Command {
  const command = COMMANDS.find(({ definition }) => definition.name === name)
  if (!command) throw new UsageError(`“${name}” is not a command.`)
  return command
}

function helpFor(name: string | undefined): string {
  return name === undefined ? generalHelp() : commandHelp(find(name).definition)
}

/** Whoever sets a limit counts on it: one that is none must not be passed over. */
function assertEnvironment(): void {
  const limit = process.env.ISOLDE_UNPACK_LIMIT ?? ''
  if (limit.trim() !== '' && !(Number(limit) >= 0))
    throw new UsageError(`ISOLDE_UNPACK_LIMIT takes a number of bytes; not “${limit}”.`)
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
