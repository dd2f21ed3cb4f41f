import { isImageOption, type CommandDefinition, type OptionDefinition } from './command'
import { COMMANDS } from './registry'

const WIDTH = 120
/** Where what is told of an option begins. */
const INDENT = 20

export const EXIT_STATUS =
  'Exit status: 0 all well; 1 finished, but something was damaged or skipped; 2 wrong usage; 3 not a disc image; 4 no such image or path, or the disk said no; 130 cancelled.'

/** What `isolde --help` says. */
export function generalHelp(): string {
  const width = Math.max(...COMMANDS.map(({ definition }) => usageOf(definition).length)) + 2
  const commands = COMMANDS.map(({ definition }) => `  ${usageOf(definition).padEnd(width)}${definition.summary}`)
  return [
    'Isolde opens disc images the way a file manager opens folders.',
    'Usage: isolde COMMAND [OPTIONS] IMAGE …',
    ['Commands:', ...commands].join('\n'),
    '“isolde COMMAND --help” says more about each. “isolde --version” prints the version.',
    wrapped(EXIT_STATUS, 0),
  ].join('\n\n')
}

/** What `isolde COMMAND --help` says. */
export function commandHelp(command: CommandDefinition): string {
  const options = Object.entries(command.options)
  const own = options.filter(([name, option]) => !isImageOption(name, option))
  const shared = options.filter(([name, option]) => isImageOption(name, option))
  const hasOwn = own.length > 0
  const examples = command.examples.map(([line, about]) => `  isolde ${line}\n${' '.repeat(INDENT)}${about}`)
  return [
    `Usage: isolde ${usageOf(command)}${hasOwn ? ' [OPTIONS]' : ''}`,
    ...command.about.map((paragraph) => wrapped(paragraph, 0)),
    ...(hasOwn ? [['Options:', ...own.map(optionLine)].join('\n')] : []),
    ...(shared.length > 0 ? [['Options for reading an image:', ...shared.map(optionLine)].join('\n')] : []),
    [`Example${examples.length === 1 ? '' : 's'}:`, ...examples].join('\n'),
  ].join('\n\n')
}

/** “extract IMAGE [PATH …]”. */
export function usageOf({ name, operands }: CommandDefinition): string {
  return `${name} ${operands}`
}

function optionLine([name, { short, value, about }]: [string, OptionDefinition]): string {
  const head = `  ${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
  const told = wrapped(about, INDENT)
  // Long names have a line of their own.
  return head.length < INDENT - 1 ? head.padEnd(INDENT) + told.slice(INDENT) : `${head}\n${told}`
}

/** Every line begins with as many spaces. */
function wrapped(text: string, indent: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((one) => ' '.repeat(indent) + one).join('\n')
}
