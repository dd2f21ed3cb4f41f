// Writes the shells' completions of `isolde` from the command's own help: resources/linux/completions.
// `--check` only says whether they are up to date.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './run.mjs'

const FOLDER = path.join(root, 'resources', 'linux', 'completions')
/** What an option's value can be, where that is known. */
const VALUES = {
  'on-conflict': ['fail', 'skip', 'overwrite', 'rename', 'newer', 'different'],
  format: ['folder', 'zip', '7z'],
}
const FOLDERS = ['to']
const FILES = ['password-file']

/** Commands with their options, as the help tells of them. */
export function readHelp(general, commandHelp) {
  const told = new Map(
    [...general.matchAll(/^ {2}([a-z]+) [^\n]*? {2,}(\S[^\n]*)$/gm)].map(([, name, what]) => [name, what]),
  )
  return Object.entries(commandHelp).map(([name, help]) => ({
    name,
    about: plain(told.get(name) ?? ''),
    options: [...help.matchAll(/^ {2}(?:-(\w), )?--([a-z0-9-]+)(?: ([A-Z]+))? +(\S[^\n]*)$/gm)].map(
      ([, short = '', long, value = '', about]) => ({ short, long, value, about: plain(about) }),
    ),
  }))
}

/** Without what the shells would read as their own. */
function plain(text) {
  return text.replace(/[[\]'"“”`$\\:]/g, '').replace(/[.;,]$/, '')
}

const HEAD = (shell) =>
  `# ${shell} completion for isolde, written from its own help by scripts/desktop-completions.mjs.`

export function bash(commands) {
  const cases = commands.map(
    ({ name, options }) => `    ${name}) options='${options.map(({ long }) => `--${long}`).join(' ')} --help' ;;`,
  )
  const values = Object.entries(VALUES).map(
    ([option, known]) =>
      `    --${option})\n      mapfile -t COMPREPLY < <(compgen -W '${known.join(' ')}' -- "$word")\n      return\n      ;;`,
  )
  return `${HEAD('bash')}
_isolde() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} options=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$word")
    return
  fi
  case $before in
${values.join('\n')}
    ${FOLDERS.map((option) => `--${option}`).join(' | ')})
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
  const argument = ({ long, value }) => {
    if (value === '') return ''
    if (VALUES[long]) return `:${value}:(${VALUES[long].join(' ')})`
    if (FOLDERS.includes(long)) return `:${value}:_files -/`
    return FILES.includes(long) ? `:${value}:_files` : `:${value}: `
  }
  const cases = commands.map(({ name, options }) => {
    const lines = options.flatMap((option) => [
      `        '--${option.long}[${option.about}]${argument(option)}'`,
      ...(option.short === '' ? [] : [`        '-${option.short}[${option.about}]'`]),
    ])
    return `    ${name})\n      _arguments \\\n${[...lines, "        '--help[say more]'", "        '*:file:_files'"].join(' \\\n')}\n      ;;`
  })
  return `#compdef isolde
${HEAD('zsh')}
_isolde() {
  local -a commands
  commands=(
${commands.map(({ name, about }) => `    '${name}:${about}'`).join('\n')}
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
  for (const { name, options } of commands)
    for (const { short, long, value, about } of options) {
      const takes = VALUES[long] ? ` -x -a '${VALUES[long].join(' ')}'` : value === '' ? '' : ' -r'
      const letter = short === '' ? '' : ` -s ${short}`
      lines.push(
        `complete -c isolde -n '__fish_seen_subcommand_from ${name}'${letter} -l ${long}${takes} -d '${about}'`,
      )
    }
  lines.push(`complete -c isolde -n 'not __fish_seen_subcommand_from ${names}' -l version -d 'print the version'`)
  lines.push("complete -c isolde -s h -l help -d 'say more'")
  return `${lines.join('\n')}\n`
}

export async function completions() {
  const { GENERAL_HELP, COMMAND_HELP } = await import('../src-main/cli/help.ts')
  const commands = readHelp(GENERAL_HELP, COMMAND_HELP)
  return { 'isolde.bash': bash(commands), _isolde: zsh(commands), 'isolde.fish': fish(commands) }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const isCheck = process.argv.includes('--check')
  for (const [name, text] of Object.entries(await completions())) {
    const file = path.join(FOLDER, name)
    const isCurrent = fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text
    if (isCheck && !isCurrent) {
      console.error(
        `${path.relative(root, file)} is not what the help says; run “node scripts/desktop-completions.mjs”.`,
      )
      process.exitCode = 1
    } else if (!isCheck) fs.writeFileSync(file, text)
  }
}
