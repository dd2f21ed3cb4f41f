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
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return print(helpFor(find(rest[0])), name === undefined ? EXIT.usage : EXIT.ok)
  try {
    const command = find(name)
    if (!command) throw new UsageError(`“${name}” is not a command.`)
    const end = rest.indexOf('--')
    const options = end < 0 ? rest : rest.slice(0, end)
    if (options.includes('--help') || options.includes('-h')) return print(helpFor(command))
    const { run } = await command.load()
    return await run(rest)
  } catch (error) {
    return reportError(error)
  }
}

function find(name: string | undefined): Command | undefined {
  return COMMANDS.find(({ definition }) => definition.name === name)
}

function helpFor(command: Command | undefined): string {
  return command ? commandHelp(command.definition) : generalHelp()
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
