import { parseArgs } from 'node:util'
import { DOS_CODE_PAGES, NAME_CHARSETS } from '../../src-shared/model'
import type { OpenLocationOptions } from '../engine'
import type { CommandDefinition, OptionDefinition, OptionDefinitions } from './command'
import { UsageError } from './exit-status'

type WithHelp<Options extends OptionDefinitions> = Options & { help: { type: 'boolean'; short: 'h' } }
interface Config<Options extends OptionDefinitions> {
  args: string[]
  options: WithHelp<Options>
  allowPositionals: true
  strict: true
}
type Parsed<Options extends OptionDefinitions> = ReturnType<typeof parseArgs<Config<Options>>>

type Choice<Option> = Option extends { readonly choices: readonly (infer Value)[] } ? Value : never
/** As parsed; of an option that has choices, one of them. */
type Checked<Values, Options> = {
  [Name in keyof Values]: Name extends keyof Options
    ? [Choice<Options[Name]>] extends [never]
      ? Values[Name]
      : Choice<Options[Name]>
    : Values[Name]
}
interface Arguments<Options extends OptionDefinitions> {
  values: Checked<Parsed<Options>['values'], Options>
  positionals: string[]
}

/** The values that a command's options have been given. */
export type ValuesOf<Command> = Command extends CommandDefinition<infer Options> ? Arguments<Options>['values'] : never

/** @throws {UsageError} for an unknown option, one without its value, or with a value that it does not take */
export function parse<Options extends OptionDefinitions>(
  command: CommandDefinition<Options>,
  args: string[],
): Arguments<Options> {
  const parsed = parseNamed(command, args)
  for (const [name, value] of Object.entries(parsed.values)) {
    const option = Object.hasOwn(command.options, name) ? command.options[name] : undefined
    const given: unknown[] = Array.isArray(value) ? value : [value]
    for (const each of given)
      if (option !== undefined && typeof each === 'string') assertTaken(command.name, name, option, each)
  }
  return parsed as Arguments<Options>
}

function assertTaken(command: string, name: string, { choices, limit }: OptionDefinition, value: string): void {
  if (choices?.includes(value) === false)
    throw new UsageError(`--${name} takes ${alternatives(choices)}; “${value}” is none of them.`, command)
  if (limit !== undefined && value.length > limit)
    throw new UsageError(`--${name} takes ${limit} characters at most; “${value}” has ${value.length}.`, command)
}

/** `a, b or c`. */
function alternatives(choices: readonly string[]): string {
  const last = choices.at(-1) ?? ''
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')} or ${last}`
}

function parseNamed<Options extends OptionDefinitions>(
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
    const parsed = parseArgs(config)
    assertPaths(command, parsed.values)
    return parsed
  } catch (error) {
    if (error instanceof UsageError) throw error
    const message = error instanceof Error ? error.message : String(error)
    const [, unclear] = /^Option '(\S+)' argument is ambiguous/.exec(message) ?? []
    if (unclear !== undefined)
      throw new UsageError(
        `${unclear} takes a value; one that begins with a dash is written ${unclear}=-….`,
        command.name,
      )
    // Node appends a hint of its own after the first sentence, on the same line or the next.
    throw new UsageError(`${(message.split(/\.\s/)[0] ?? message).replace(/\.$/, '')}.`, command.name)
  }
}

/** An empty path is what a variable that is not set leaves behind, and never what was meant: not this folder. */
function assertPaths(command: CommandDefinition, values: Readonly<Record<string, unknown>>): void {
  for (const [name, { takes }] of Object.entries(command.options))
    if (takes !== undefined && values[name] === '')
      throw new UsageError(`--${name} takes a ${takes}, and what it was given is empty.`, command.name)
}

/** @throws {UsageError} unless exactly one image is named (and, where allowed, more after it) */
export function imageArgument(command: string, positionals: string[], atMost = Infinity): string {
  const image = positionals[0]
  if (image === undefined) throw new UsageError('Name the image.', command)
  if (positionals.length > atMost)
    throw new UsageError(`“${positionals[atMost] ?? ''}” is one argument too many.`, command)
  return image
}

/** @throws {UsageError} for an encoding that nobody knows */
export function locationOptions(values: {
  inside?: string[] | undefined
  charset?: string | undefined
  streams?: boolean | undefined
}): OpenLocationOptions {
  if (values.charset !== undefined && !isNameCharset(values.charset)) {
    const known = Object.keys(NAME_CHARSETS).join(', ')
    throw new UsageError(`--charset takes the name of an encoding (${known} and others); not “${values.charset}”.`)
  }
  return {
    inside: (values.inside ?? []).map((path) => ({ view: null, path: cleanPath(path) })),
    ...(values.charset === undefined ? {} : { charset: values.charset }),
    ...(values.streams === true ? { listsStreams: true } : {}),
  }
}

/** Whether names can be read by that label, in upper or lower case. */
function isNameCharset(label: string): boolean {
  if (DOS_CODE_PAGES.some((page) => page === label.toLowerCase())) return true
  try {
    new TextDecoder(label)
    return true
  } catch {
    return false
  }
}

/** A path as people type it: `/a//b/` means `a/b`. */
export function cleanPath(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')
}
