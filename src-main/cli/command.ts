/** One option of a command: how it is parsed, and what is told of it. */
export interface OptionDefinition {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** May be given several times. */
  readonly multiple?: boolean
  /** What its value is called in the help. */
  readonly value?: string
  /** Every value there is; no other is taken. */
  readonly choices?: readonly string[]
  /** How many characters its value has at most. */
  readonly limit?: number
  /** Its value is a path of this computer: shells complete it. */
  readonly takes?: 'folder' | 'file'
  readonly about: string
}

export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>

/** What is known of a command without running it: the help, the manual, the completions and README tell it. */
export interface CommandDefinition<Options extends OptionDefinitions = OptionDefinitions> {
  readonly name: string
  /** What stands behind the name: `IMAGE [PATH …]`. */
  readonly operands: string
  /** One line, for the list of commands. */
  readonly summary: string
  /** Whole sentences, a paragraph each. */
  readonly about: readonly string[]
  readonly options: Options
  /** A command line without `isolde`, and what it does. */
  readonly examples: readonly (readonly [line: string, about: string])[]
}

/** Keeps the names and kinds of a command's options for whoever parses them. */
export function defineCommand<const Options extends OptionDefinitions>(
  command: CommandDefinition<Options>,
): CommandDefinition<Options> {
  return command
}

/** Options that every command takes which reads an image. */
export const IMAGE_OPTIONS = {
  view: {
    type: 'string',
    value: 'ID',
    about: 'the tree to read, as “isolde info” names it (rock-ridge, joliet, iso9660, enhanced, udf, boot, …)',
  },
  inside: {
    type: 'string',
    multiple: true,
    value: 'PATH',
    about: 'enter the image at PATH inside the image; may be repeated',
  },
  charset: {
    type: 'string',
    value: 'NAME',
    about: 'the encoding of names that the image leaves open (shift_jis, gb18030, euc-kr, cp437, latin1, …)',
  },
  progress: { type: 'boolean', about: 'show progress on standard error even where that is no terminal' },
} as const satisfies OptionDefinitions

/** Of commands that name files of an image. */
export const STREAMS = {
  type: 'boolean',
  about: 'named streams too, as files NAME:STREAM, and resource forks of APFS as ._NAME',
} as const satisfies OptionDefinition

/** Whether an option is one of those that all readers of images have. */
export function isImageOption(name: string, option: OptionDefinition): boolean {
  return Object.hasOwn(IMAGE_OPTIONS, name) && (IMAGE_OPTIONS as OptionDefinitions)[name] === option
}

export const JSON_LINES = { type: 'boolean', about: 'one JSON object a line' } as const satisfies OptionDefinition
/** ECMA-119 8.4.8: a volume identifier has 32 bytes; that of UDF has no more. */
export const LABEL_LIMIT = 32
/** ECMA-119 8.4: the other texts of a volume, and the system identifier, which is shorter. */
export const VOLUME_TEXT_LIMIT = 128
export const SYSTEM_ID_LIMIT = 32
export const QUIET = { type: 'boolean', short: 'q', about: 'no summary' } as const satisfies OptionDefinition
