import type { DiscImage, ImageView } from '../image'
import { readWindowsEditions, type WindowsEdition } from './windows'

/** What an image is for, as far as it says so itself. */
export interface Identity {
  /** `windows`, `linux`, `freebsd`, `openbsd`, `netbsd`, `dvd-video`, `blu-ray`, `playstation`, or null where nothing says. */
  kind: string | null
  /** One line for people; empty where nothing is known. */
  summary: string
  name: string | null
  version: string | null
  architecture: string | null
  editions: WindowsEdition[]
}

/** Longer ones are not the few lines that these files are. */
const TEXT_LIMIT = 64 << 10

/** Looks at the few places where discs say what they are. Reads some kilobytes; never throws for odd content. */
export async function identifyImage(image: DiscImage): Promise<Identity> {
  const view = image.view(image.info.defaultViewId)
  for (const look of [windows, treeInfo, diskInfo, discInfo, bsd, video, playstation]) {
    try {
      const found = await look(view, image)
      if (found) return found
    } catch {
      // A damaged marker file: the next place may still tell.
    }
  }
  return identity(null, '', null, null, null)
}

function identity(
  kind: string | null,
  summary: string,
  name: string | null,
  version: string | null,
  architecture: string | null,
  editions: WindowsEdition[] = [],
): Identity {
  return { kind, summary, name, version, architecture, editions }
}

async function readText(view: ImageView, path: string): Promise<string | null> {
  const located = await view.lookup(path)
  if (!located?.content || located.entry.byteLength > TEXT_LIMIT) return null
  const bytes = await located.content.read(0, located.entry.byteLength)
  await located.content.close()
  return new TextDecoder().decode(bytes)
}

async function windows(view: ImageView): Promise<Identity | null> {
  const editions: WindowsEdition[] = []
  for (const folder of WINDOWS_FOLDERS) editions.push(...(await editionsIn(view, folder)))
  const [first] = editions
  if (!first) return null
  const name = windowsName(first)
  const { version } = first
  const architectures = [...new Set(editions.map(({ architecture }) => architecture))]
  const architecture = architectures.join(' and ')
  const more = editions.length > 1 ? `, ${editions.length} editions` : ''
  return identity('windows', `${name} ${version} ${architecture}${more}`, name, version, architecture, editions)
}

/** Media for one architecture have one folder; the media creation tool puts two beside one another. */
const WINDOWS_FOLDERS = ['sources', 'x64/sources', 'x86/sources', 'arm64/sources']

async function editionsIn(view: ImageView, folder: string): Promise<WindowsEdition[]> {
  for (const file of ['install.wim', 'install.esd', 'install.swm', 'boot.wim']) {
    const path = `${folder}/${file}`
    const located = (await view.lookup(path)) ?? (await view.lookup(path.toUpperCase()))
    if (!located?.content) continue
    const editions = await readWindowsEditions(located.content)
    await located.content.close()
    if (editions.length > 0) return editions
  }
  return []
}

/** Windows 11 still calls itself 10 in its XML, and is told by its build; a server of the same build is none. */
function windowsName({ name, build, installationType }: WindowsEdition): string {
  const isClient = installationType === '' ? !/server/i.test(name) : installationType === 'Client'
  return isClient && build >= 22_000 ? 'Windows 11' : name
}

/** `.treeinfo` of Fedora, Red Hat and relatives: an INI file. */
async function treeInfo(view: ImageView): Promise<Identity | null> {
  const text = await readText(view, '.treeinfo')
  if (text === null) return null
  const sections = parseIni(text)
  const release = sections.get('release') ?? sections.get('general')
  const name = release?.get('name') ?? release?.get('family') ?? null
  if (name === null) return null
  const version = release?.get('version') ?? null
  const architecture = sections.get('tree')?.get('arch') ?? sections.get('general')?.get('arch') ?? null
  const words = [name, version !== null && name.includes(version) ? null : version, architecture]
  return identity('linux', words.filter(Boolean).join(' '), name, version, architecture)
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
async function diskInfo(view: ImageView): Promise<Identity | null> {
  const line = (await readText(view, '.disk/info'))?.split('\n')[0]?.trim()
  if (!line) return null
  const version = /\d+(?:\.\d+)+/.exec(line)?.[0] ?? null
  const architecture =
    /\b(amd64|i386|arm64|armhf|armel|ppc64el|s390x|riscv64|mips64el|x86_64|aarch64)\b/.exec(line)?.[1] ?? null
  const name = version === null ? line : line.slice(0, line.indexOf(version)).trim()
  return identity('linux', line, name, version, architecture)
}

/** `.discinfo` of older Red Hat relatives: time stamp, name, architecture, a line each. */
async function discInfo(view: ImageView): Promise<Identity | null> {
  const lines = (await readText(view, '.discinfo'))?.split('\n').map((line) => line.trim())
  const name = lines?.[1]
  if (!name) return null
  const architecture = lines[2] === undefined || lines[2] === '' ? null : lines[2]
  return identity(
    'linux',
    [name, architecture].filter(Boolean).join(' '),
    name,
    /\d[\d.]*/.exec(name)?.[0] ?? null,
    architecture,
  )
}

function bsd(_view: ImageView, image: DiscImage): Promise<Identity | null> {
  const label = `${image.info.systemId} ${image.info.label} ${image.info.publisher} ${image.info.application}`
  const known = [
    ['freebsd', 'FreeBSD'],
    ['openbsd', 'OpenBSD'],
    ['netbsd', 'NetBSD'],
  ] as const
  for (const [kind, name] of known) {
    if (!new RegExp(name, 'i').test(label)) continue
    const version = /(\d+)[._](\d+)/.exec(image.info.label)
    const text = version ? `${version[1] ?? ''}.${version[2] ?? ''}` : null
    const architecture = /amd64|i386|arm64|aarch64|sparc64|powerpc/i.exec(label)?.[0].toLowerCase() ?? null
    return Promise.resolve(
      identity(kind, [name, text, architecture].filter(Boolean).join(' '), name, text, architecture),
    )
  }
  return Promise.resolve(null)
}

async function video(view: ImageView): Promise<Identity | null> {
  if (await view.lookup('VIDEO_TS/VIDEO_TS.IFO')) return identity('dvd-video', 'DVD-Video', 'DVD-Video', null, null)
  if (await view.lookup('BDMV/index.bdmv')) return identity('blu-ray', 'Blu-ray film', 'Blu-ray film', null, null)
  return null
}

/** `SYSTEM.CNF`: `BOOT = cdrom:\SLUS_012.34;1` on the first PlayStation, `BOOT2 = cdrom0:\…` on the second. */
async function playstation(view: ImageView): Promise<Identity | null> {
  const text = await readText(view, 'SYSTEM.CNF')
  const boot = text === null ? null : /^\s*BOOT(2?)\s*=\s*cdrom0?:\\*([^;\s]+)/im.exec(text)
  if (!boot) return null
  const name = boot[1] === '2' ? 'PlayStation 2 game' : 'PlayStation game'
  const serial = (boot[2] ?? '').replace('_', '-').replace('.', '')
  return identity('playstation', `${name} ${serial}`, name, serial, null)
}
