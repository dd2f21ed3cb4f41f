import type { ImageView } from '../image'
import { MARKERS } from './markers'
import { readText, said, type Said } from './said'
import { textSetup } from './text-setup'
import { readWindowsEditions, type WindowsEdition } from './windows'

/** Looks at the few files in which discs say what they are. Reads some kilobytes; never throws for odd content. */
export async function readContents(view: ImageView): Promise<Said | null> {
  for (const look of [windows, textSetup, treeInfo, diskInfo, discInfo, ...MARKERS]) {
    try {
      const found = await look(view)
      if (found) return found
    } catch {
      // A damaged marker file: the next place may still tell.
    }
  }
  return null
}

async function windows(view: ImageView): Promise<Said | null> {
  const found: { file: string; editions: WindowsEdition[] }[] = []
  for (const folder of WINDOWS_FOLDERS) found.push(...(await editionsIn(view, folder)))
  const editions = found.flatMap((each) => each.editions)
  const [first] = editions
  const file = found[0]?.file ?? ''
  if (!first) return null
  const name = windowsName(first)
  const { version } = first
  const architectures = [...new Set(editions.map(({ architecture }) => architecture))]
  const architecture = architectures.join(' and ')
  const more = editions.length > 1 ? `, ${editions.length} editions` : ''
  const words = [name, version, architecture === 'unknown' ? '' : architecture].filter((word) => word !== '')
  return said(file, 'windows', `${words.join(' ')}${more}`, name, version, architecture, editions)
}

/** Media for one architecture have one folder; the media creation tool puts two beside one another. */
const WINDOWS_FOLDERS = ['sources', 'x64/sources', 'x86/sources', 'arm64/sources']

async function editionsIn(view: ImageView, folder: string): Promise<{ file: string; editions: WindowsEdition[] }[]> {
  for (const file of ['install.wim', 'install.esd', 'install.swm', 'boot.wim']) {
    const path = `${folder}/${file}`
    const located = (await view.lookup(path)) ?? (await view.lookup(path.toUpperCase()))
    if (!located?.content) continue
    const editions = await readWindowsEditions(located.content)
    await located.content.close()
    if (editions.length > 0) return [{ file: path, editions }]
  }
  return []
}

/** Windows 11 still calls itself 10 in its XML, and is told by its build; a server of the same build is none. */
function windowsName({ name, build, installationType }: WindowsEdition): string {
  const isClient = installationType === '' ? !/server/i.test(name) : installationType === 'Client'
  return isClient && build >= 22_000 ? 'Windows 11' : name
}

/** `.treeinfo` of Fedora, Red Hat and relatives: an INI file. */
async function treeInfo(view: ImageView): Promise<Said | null> {
  const text = await readText(view, '.treeinfo')
  if (text === null) return null
  const sections = parseIni(text)
  const release = sections.get('release') ?? sections.get('general')
  const name = release?.get('name') ?? release?.get('family') ?? null
  if (name === null) return null
  const version = release?.get('version') ?? null
  const architecture = sections.get('tree')?.get('arch') ?? sections.get('general')?.get('arch') ?? null
  const words = [name, version !== null && name.includes(version) ? null : version, architecture]
  return said('.treeinfo', 'linux', words.filter(Boolean).join(' '), name, version, architecture)
}

function parseIni(text: string): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>()
  let current = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1]
    const pair = /^\s*([^=#;\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line)
    if (section !== undefined) sections.set(section.toLowerCase(), (current = new Map<string, string>()))
    else if (pair?.[1] !== undefined) current.set(pair[1].toLowerCase(), pair[2] ?? '')
  }
  return sections
}

/** `.disk/info` of Debian, Ubuntu and relatives: one line such as `Debian GNU/Linux 12.2.0 "Bookworm" - Official amd64 NETINST …`. */
async function diskInfo(view: ImageView): Promise<Said | null> {
  const line = (await readText(view, '.disk/info'))?.split('\n')[0]?.trim()
  if (!line) return null
  // Linux Mint counts without a dot, in front of the release's name.
  const version = /\d+(?:\.\d+)+/.exec(line)?.[0] ?? /^[^"\d]+ (\d+)(?= ")/.exec(line)?.[1] ?? null
  const architecture =
    /\b(amd64|i386|arm64|armhf|armel|ppc64el|s390x|riscv64|mips64el|x86_64|aarch64)\b/.exec(line)?.[1] ?? null
  const name = version === null ? line : line.slice(0, line.indexOf(version)).trim()
  return said('.disk/info', 'linux', line, name, version, architecture)
}

/** `.discinfo` of older Red Hat relatives: time stamp, name, architecture, a line each. */
async function discInfo(view: ImageView): Promise<Said | null> {
  const lines = (await readText(view, '.discinfo'))?.split('\n').map((line) => line.trim())
  const name = lines?.[1]
  if (!name) return null
  const architecture = lines[2] === undefined || lines[2] === '' ? null : lines[2]
  return said(
    '.discinfo',
    'linux',
    [name, architecture].filter(Boolean).join(' '),
    name,
    /\d[\d.]*/.exec(name)?.[0] ?? null,
    architecture,
  )
}
