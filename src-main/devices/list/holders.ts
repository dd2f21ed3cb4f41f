import fs from 'node:fs'
import path from 'node:path'

const ENOUGH_HOLDERS = 3

/** What has a file or a folder at or below a mount point: programs and loop devices, by name; some, where there are many. */
export function holdersOf(point: string): string[] {
  const names = new Set<string>(loopsOf(point))
  for (const process of namesIn('/proc')) {
    if (names.size >= ENOUGH_HOLDERS) break
    if (!/^\d+$/.test(process)) continue
    const folder = `/proc/${process}`
    const links = ['cwd', 'root', 'exe', ...namesIn(`${folder}/fd`).map((each) => `fd/${each}`)]
    if (links.some((link) => isBelow(`${folder}/${link}`, point))) names.add(nameOf(folder))
  }
  return [...names]
}

/** What stops a file system from being unmounted, as the end of a sentence. @param otherwise what is told where nothing is found */
export function heldBy(point: string, otherwise: string): string {
  const holders = holdersOf(point)
  if (holders.length === 0) return withoutName(otherwise)
  return `${holders.join(', ')} ${holders.length === 1 ? 'has' : 'have'} something open on it`
}

/** As umount(8) says it: `umount: /media/stick: target is busy.` */
function withoutName(sentence: string): string {
  const [first = ''] = sentence.trim().split('\n')
  return first.replace(/^umount: .*?: /, '').replace(/\.+$/, '')
}

function loopsOf(point: string): string[] {
  const files = namesIn('/sys/block').filter((name) => name.startsWith('loop'))
  return files
    .filter((name) => textOf(`/sys/block/${name}/loop/backing_file`).startsWith(`${point}/`))
    .map((name) => `/dev/${name}`)
}

function isBelow(link: string, point: string): boolean {
  try {
    const target = fs.readlinkSync(link)
    return target === point || target.startsWith(`${point}/`)
  } catch {
    return false
  }
}

/** What Node calls the thread that it begins with, since version 24. */
const NODE_THREAD = 'MainThread'

function nameOf(folder: string): string {
  const name = textOf(`${folder}/comm`).trim()
  return name === NODE_THREAD || name === 'node' ? scriptIn(textOf(`${folder}/cmdline`)) : name || 'a program'
}

/** What people call a script that Node runs: `isolde mount`. @param commandLine its words, each ended by a zero */
export function scriptIn(commandLine: string): string {
  const [, ...words] = commandLine.split('\0')
  const at = words.findIndex((word) => word !== '' && !word.startsWith('-'))
  const script = path.basename(words[at] ?? '').replace(/\.[cm]?js$/, '')
  const command = words[at + 1] ?? ''
  if (script === 'isolde' && /^[a-z]+$/.test(command)) return `isolde ${command}`
  return script === '' ? 'node' : script
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}
