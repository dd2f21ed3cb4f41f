import { parseArgs } from 'node:util'
import type { OpenLocationOptions } from '../engine'
import type { CommandDefinition, OptionDefinitions } from './command'
import { UsageError } from './exit-status'

type WithHelp<Options extends OptionDefinitions> = Options & { help: { type: 'boolean'; short: 'h' } }
interface Config<Options extends OptionDefinitions> {
  args: string[]
  options: WithHelp<Options>
  allowPositionals: true
  strict: true
}
type Parsed<Options extends OptionDefinitions> = ReturnType<typeof parseArgs<Config<Options>>>

/** The values that a command's options have been given. */
export type ValuesOf<Command> = Command extends CommandDefinition<infer Options> ? Parsed<Options>['values'] : never

/** @throws {UsageError} for an unknown option, or one without its value */
export function parse<Options extends OptionDefinitions>(
  command: CommandDefinition<Options>,
  args: string[],
): Parsed<Options> {
  try {
    const help = { type: 'boolean', short: 'h' } as const
    const config: Config<Options> = {
      args,
      options: { ...command.options, help },
      allowPositionals: true,
      strict: true,
    }
    return parseArgs(config)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // Node appends a hint of its own after the first sentence.
    throw new UsageError(`${(message.split('. ')[0] ?? message).replace(/\.$/, '')}.`, command.name)
  }
}

/** @throws {UsageError} unless exactly one image is named (and, where allowed, more after it) */
export function imageArgument(command: string, positionals: string[], atMost = Infinity): string {
  const image = positionals[0]
  if (image === undefined) throw new UsageError('Name the image.', command)
  if (positionals.length > atMost)
    throw new UsageError(`“${positionals[atMost] ?? ''}” is one argument too many.`, command)
  return image
}

export function locationOptions(values: {
  inside?: string[] | undefined
  charset?: string | undefined
}): OpenLocationOptions {
  return {
    inside: (values.inside ?? []).map((path) => ({ view: null, path: cleanPath(path) })),
    ...(values.charset === undefined ? {} : { charset: values.charset }),
  }
}

/** A path as people type it: `/a//b/` means `a/b`. */
export function cleanPath(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')
}
