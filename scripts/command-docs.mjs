// Writes whatever is told of the command line from the definitions of its commands, src-main/cli/commands: the manual,
// the shells' completions, the table in README. `--check` only says whether they are up to date.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './run.mjs'

/** Commands as shells complete them: words that none of the shells reads as its own. */
function forShells(definitions) {
  return definitions.map(({ name, summary, options }) => ({
    name,
    about: plain(summary),
    options: Object.entries(options).map(([long, { short = '', value = '', choices = [], takes, about }]) => ({
      short,
      long,
      value: plain(value).replaceAll('=', '-'),
      choices,
      takes,
      about: plain(about),
    })),
  }))
}

/** Without what the shells would read as their own. */
function plain(text) {
  return text.replace(/[[\]{}'"“”’`$\\:]/g, '').replace(/[.;,]$/, '')
}

/** Options with something in common, by name: what one command's takes is what another's does. */
function optionsWith(commands, isWanted) {
  const names = new Map()
  for (const { options } of commands) for (const option of options) if (isWanted(option)) names.set(option.long, option)
  return [...names.values()]
}

const HEAD = (shell) => `# ${shell} completion for isolde, written from its own help by scripts/command-docs.mjs.`

export function bash(commands) {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) options='${options.map(({ long }) => `--${long}`).join(' ')} --help' ;;`,
  )
  const values = commands.flatMap(({ name, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ short, long, choices }) =>
          `    ${name}:--${long}${short === '' ? '' : ` | ${name}:-${short}`})\n      mapfile -t COMPREPLY < <(compgen -W '${choices.join(' ')}' -- "$word")\n      return\n      ;;`,
      ),
  )
  const names = commands.map(({ name }) => name).join(' ')
  const folders = optionsWith(commands, ({ takes }) => takes === 'folder').map(({ long }) => `*:--${long}`)
  return `${HEAD('bash')}
_isolde() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} options=
  COMPREPLY=()
  # Readline takes the equals sign for a word of its own.
  if [[ $word == = ]]; then
    word=
  elif [[ $before == = ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W '${names} help --help --version' -- "$word")
    return
  fi
  if [[ \${COMP_WORDS[1]} == help ]]; then
    mapfile -t COMPREPLY < <(compgen -W '${names}' -- "$word")
    return
  fi
  case \${COMP_WORDS[1]}:$before in
${values.join('\n')}
    ${folders.join(' | ')})
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -d -- "$word")
      return
      ;;
  esac
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
  else
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _isolde isolde
`
}

export function zsh(commands) {
  const argument = ({ value, choices, takes }) => {
    if (value === '') return ''
    if (choices.length > 0) return `:${value}:(${choices.join(' ')})`
    if (takes === 'folder') return `:${value}:_files -/`
    return takes === 'file' ? `:${value}:_files` : `:${value}: `
  }
  const cases = commands.map(({ name, options }) => {
    const lines = options.flatMap((option) => [
      `        '--${option.long}${option.value === '' ? '' : '='}[${option.about}]${argument(option)}'`,
      ...(option.short === '' ? [] : [`        '-${option.short}[${option.about}]${argument(option)}'`]),
    ])
    return `    ${name})\n      _arguments \\\n${[...lines, "        '--help[say more]'", "        '*:file:_files'"].join(' \\\n')}\n      ;;`
  })
  return `#compdef isolde
${HEAD('zsh')}
_isolde() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    '${name}:${about}'`).join('\n')}
    'help:what a command does'
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
    help)
      _describe command commands
      ;;
  esac
}
_isolde "$@"
`
}

export function fish(commands) {
  const names = commands.map(({ name }) => name).join(' ')
  const lines = [HEAD('fish'), 'complete -c isolde -n __fish_use_subcommand -f']
  for (const { name, about } of commands)
    lines.push(`complete -c isolde -n __fish_use_subcommand -a ${name} -d '${about}'`)
  lines.push("complete -c isolde -n __fish_use_subcommand -a help -d 'what a command does'")
  lines.push(`complete -c isolde -n '__fish_seen_subcommand_from help' -f -a '${names}'`)
  for (const { name, options } of commands)
    for (const { short, long, value, choices, about } of options) {
      const takes = choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : value === '' ? '' : ' -r'
      const letter = short === '' ? '' : ` -s ${short}`
      lines.push(
        `complete -c isolde -n '__fish_seen_subcommand_from ${name}'${letter} -l ${long}${takes} -d '${about}'`,
      )
    }
  lines.push(`complete -c isolde -n 'not __fish_seen_subcommand_from ${names}' -l version -d 'print the version'`)
  lines.push("complete -c isolde -s h -l help -d 'say more'")
  return `${lines.join('\n')}\n`
}

/** mdoc's own characters, and a sentence a line, as its linters want it. */
function mdoc(text) {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('"', '\\(dq')
    .replaceAll(/([.:;]) (?=[A-Z“])/g, '$1\n')
    .replaceAll(/^([.'])/gm, '\\&$1')
}

/** A sentence from what the help tells in half of one. */
function sentence(text) {
  const capital = /^[a-z][a-z]/.test(text) && !/^[a-z]+[0-9-]/.test(text) ? text[0].toUpperCase() + text.slice(1) : text
  return mdoc(/[.!?]$/.test(capital) ? capital : `${capital}.`)
}

function operandsOf(operands) {
  return operands.replaceAll('…', '...').replaceAll('[', 'Oo Ar ').replaceAll(']', ' Oc').trim()
}

function optionItem([name, { short, value, about }]) {
  const argument = value === undefined ? '' : ` Ar ${value.toLowerCase()}`
  return `.It ${short === undefined ? '' : `Fl ${short} , `}Fl -${name}${argument}\n${sentence(about)}`
}

const optionList = (options) => `.Bl -tag -width Ds\n${options.map(optionItem).join('\n')}\n.El`

export function manual(definitions, shared) {
  const isShared = ([name, option]) => shared[name] === option
  const commands = definitions.map(
    ({ name, operands, about }) => `.It Cm ${name} Ar ${operandsOf(operands)}\n${about.map(mdoc).join('\n.Pp\n')}`,
  )
  const sections = definitions.flatMap(({ name, options }) => {
    const own = Object.entries(options).filter((option) => !isShared(option))
    return own.length === 0 ? [] : [`.Ss ${name}\n${optionList(own)}`]
  })
  const examples = definitions.flatMap(({ examples: all }) =>
    all.map(([line, about]) => `${sentence(about)}\n.Pp\n.Dl isolde ${mdoc(line)}\n.Pp`),
  )
  const status = [...EXIT_STATUS].map(([code, what]) => `.It ${code}\n${what}`)
  return `.\\" Written by scripts/command-docs.mjs from the definitions of the commands.
.Dd November 28, 2026
.Dt ISOLDE 1
.Os
.Sh NAME
.Nm isolde
.Nd open disc images the way a file manager opens folders
.Sh SYNOPSIS
.Nm
.Ar command
.Op Ar options
.Ar image ...
.Sh DESCRIPTION
.Nm
looks inside disc images without burning or mounting them, takes files out of
them, makes and changes them, and says how whole they are.
.Pp
The commands are:
.Bl -tag -width Ds
${commands.join('\n')}
.El
.Sh OPTIONS
For every command:
.Bl -tag -width Ds
.It Fl h , -help
Says more about a command.
.It Fl -version
Prints the version.
.El
.Pp
For commands that read an image:
${optionList(Object.entries(shared))}
${sections.join('\n')}
.Sh ENVIRONMENT
.Bl -tag -width Ds
.It Ev ISOLDE_HOME
The folder of the catalog and the settings, instead of the system's own.
.It Ev ISOLDE_UNPACK_LIMIT
How many bytes a compressed image may unpack to.
.It Ev ISOLDE_PASSWORD
Encrypts archives where no
.Fl -password-file
is given.
.It Ev ISOLDE_DRIVES
A file that names loop devices and plain files, one a line, which count as drives.
.It Ev SOURCE_DATE_EPOCH
When an image that is made was made, in seconds since 1970.
.El
.Sh EXIT STATUS
.Bl -tag -width Ds -compact
${status.join('\n')}
.El
.Sh EXAMPLES
${examples.join('\n').replace(/\n\.Pp$/, '')}
.Sh SEE ALSO
.Xr bsdtar 1 ,
.Xr isoinfo 1 ,
.Xr xorriso 1
`
}

const EXIT_STATUS = new Map([
  [0, 'All well.'],
  [1, 'Finished, but something was damaged or skipped.'],
  [2, 'Wrong usage.'],
  [3, 'Not a disc image.'],
  [4, 'No such image or path, or the disk said no.'],
  [130, 'Cancelled.'],
])

function table(definitions) {
  const cell = (text) => text.replaceAll('|', '\\|')
  return [
    '| command | what it does |',
    '|---|---|',
    ...definitions.map(
      ({ name, operands, summary }) => `| \`isolde ${cell(`${name} ${operands}`)}\` | ${cell(summary)} |`,
    ),
  ].join('\n')
}

/** Every file that is written, with what it should hold. */
export async function documents() {
  const { runnerImport } = await import('vite')
  const load = async (file) =>
    (await runnerImport(path.join(root, file), { configFile: false, root, logLevel: 'error' })).module
  const { COMMANDS } = await load('src-main/cli/registry.ts')
  const { IMAGE_OPTIONS } = await load('src-main/cli/command.ts')
  const definitions = COMMANDS.map(({ definition }) => definition)
  const shells = forShells(definitions)
  const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8')
  const [, before, , after] =
    /^([^]*<!-- commands: table -->\n\n)([^]*?)(\n\n<!-- commands: end -->[^]*)$/.exec(readme) ?? []
  return {
    'resources/linux/completions/isolde.bash': bash(shells),
    'resources/linux/completions/_isolde': zsh(shells),
    'resources/linux/completions/isolde.fish': fish(shells),
    'resources/linux/isolde.1': manual(definitions, sharedOf(definitions, IMAGE_OPTIONS)),
    'README.md': before + table(definitions) + after,
  }
}

/** The shared options as the commands have them: two loads of a module do not make the same objects. */
function sharedOf(definitions, names) {
  const reader = definitions.find(({ options }) => Object.keys(names).every((name) => name in options))
  return Object.fromEntries(Object.keys(names).map((name) => [name, reader.options[name]]))
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const isCheck = process.argv.includes('--check')
  for (const [name, text] of Object.entries(await documents())) {
    const file = path.join(root, name)
    const isCurrent = fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text
    if (isCheck && !isCurrent) {
      console.error(`${name} is not what the commands say; run “node scripts/command-docs.mjs”.`)
      process.exitCode = 1
    } else if (!isCheck) fs.writeFileSync(file, text)
  }
}
