import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import type { OpenLocationOptions } from '../engine'
import { UsageError } from './exit-status'

/** Options that every command takes which reads an image. */
export const IMAGE_OPTIONS = {
  view: { type: 'string' },
  inside: { type: 'string', multiple: true },
  charset: { type: 'string' },
  progress: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig

interface Config<T extends ParseArgsOptionsConfig> {
  args: string[]
  options: T & { help: { type: 'boolean'; short: 'h' } }
  allowPositionals: true
  strict: true
}
type Parsed<T extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<Config<T>>>

/** @throws {UsageError} for an unknown option, or one without its value */
export function parse<T extends ParseArgsOptionsConfig>(command: string, args: string[], options: T): Parsed<T> {
  try {
    const help = { type: 'boolean', short: 'h' } as const
    const config: Config<T> = { args, options: { ...options, help }, allowPositionals: true, strict: true }
    return parseArgs(config)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // Node appends a hint of its own after the first sentence.
    throw new UsageError(`${(message.split('. ')[0] ?? message).replace(/\.$/, '')}.`, command)
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
