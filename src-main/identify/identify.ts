import type { DiscImage, ImageView } from '../image'
import { readContents } from './contents'
import { claimOf, type Claim } from './rules'
import type { Said } from './said'
import { readSystemArea } from './system-area'
import { kernelName, osinfoOfWindows } from './windows-osinfo'
import type { WindowsEdition } from './windows'

/** Something that an identity says, and what it was taken from. */
export interface Evidence {
  claim: 'system' | 'content'
  /** A field of the volume descriptor, or the path of a file. */
  where: string
  value: string
}

/** What an image is for, as far as it says so itself. No answer comes before a wrong one. */
export interface Identity {
  /** `windows`, `linux`, `freebsd`, `openbsd`, `netbsd`, `dvd-video`, `blu-ray`, `vcd`, `playstation`, `sega`, `xbox` …, or null where nothing says. */
  kind: string | null
  /** One line for people; empty where nothing is known. */
  summary: string
  name: string | null
  version: string | null
  architecture: string | null
  /** As the kernel calls them: `x86_64`, `i686`, `aarch64` …; several where any of them may be meant. */
  architectures: string[]
  /** The system's short name, as `virt-install --osinfo` takes it. */
  osinfo: string | null
  distro: string | null
  /** It starts without being installed. */
  live: boolean
  installer: boolean
  /** The edition, where there is one of it alone. */
  variant: string | null
  languages: string[]
  editions: WindowsEdition[]
  /** What starts from it: `bios`, `uefi`, … */
  boot: string[]
  /** What it is good for, in a sentence; null where nothing is known. */
  use: string | null
  evidence: Evidence[]
}

/** Looks at what discs hold, and then at what their descriptors say. Reads some kilobytes; never throws for odd content. */
export async function identifyImage(image: DiscImage): Promise<Identity> {
  const view = image.view(image.info.defaultViewId)
  const said = (await readContents(view)) ?? (await readSystemArea(image.blocks))
  const claim = await completed(claimFor(image, said), view)
  const boot = [...new Set(image.info.boot.map(({ platform }) => (platform === 'efi' ? 'uefi' : platform)))]
  return merged(said, claim, boot)
}

type Told = (Claim & { architectures: string[] }) | null

function claimFor({ info }: DiscImage, said: Said | null): Told {
  const { systemId, volumeSetId, publisher, application } = info
  // Joliet’s label has room for half as many letters.
  const plain = info.views.find(({ kind }) => kind === 'rock-ridge' || kind === 'iso9660')
  const volumeId = plain?.volumeName ?? info.label
  const facts = { volumeId, systemId, volumeSetId, publisher, application }
  const claim = claimOf({ ...facts, platforms: info.boot.map(({ platform }) => platform) })
  if (claim !== null || said?.kind !== 'linux') return claim
  // A file tells what the volume's name does not: it is read by the same rules.
  const named = [said.name, said.version, said.architecture].filter(Boolean).join(' ')
  return claimOf({ ...facts, volumeId: named.replace(/^Red Hat Enterprise Linux/, 'RHEL'), platforms: [] })
}

/** The folders of Arch Linux, one for each processor. */
const ARCH_FOLDERS = ['x86_64', 'i686', 'aarch64']

/** What files tell where the names of discs do not: whether it starts without being installed, and on what. */
async function completed(claim: Told, view: ImageView): Promise<Told> {
  if (claim?.family !== 'linux') return claim
  const has = async (path: string): Promise<boolean> => (await view.lookup(path).catch(() => null)) !== null
  const isLive = claim.isLive || (await has('live/filesystem.squashfs'))
  if (claim.distro !== 'archlinux') return { ...claim, isLive }
  const architectures: string[] = []
  for (const name of ARCH_FOLDERS) if (await has(`arch/${name}`)) architectures.push(name)
  return { ...claim, isLive, architectures: architectures.length > 0 ? architectures : claim.architectures }
}

function merged(said: Said | null, claim: Told, boot: string[]): Identity {
  const editions = said?.editions ?? []
  const [only] = editions
  const isWindows = said?.kind === 'windows'
  const architectures = isWindows ? kernelNames(editions) : (claim?.architectures ?? kernelNamesOf(said))
  const name = said?.name ?? claim?.name ?? null
  const version = said?.version ?? claim?.version ?? null
  const isSystem = isWindows || said?.kind === 'linux' || claim !== null
  const identity = {
    kind: said?.kind ?? claim?.family ?? null,
    summary: said?.summary ?? summaryOf(claim),
    name,
    version,
    architecture: said?.architecture ?? (architectures.length === 1 ? (architectures[0] ?? null) : null),
    architectures,
    osinfo: only === undefined || !isWindows ? (claim?.osinfo ?? null) : windowsOsinfo(only, claim),
    distro: isWindows ? 'win' : (claim?.distro ?? null),
    live: claim?.isLive ?? false,
    installer: isSystem && (claim?.isInstaller ?? true),
    variant: editions.length === 1 ? (only?.edition ?? null) : null,
    languages: [...new Set(editions.flatMap(({ languages }) => languages))],
    editions,
    boot,
    evidence: evidenceOf(said, claim),
  }
  return { ...identity, use: useOf(identity) }
}

/** The second release of a server has the files of the first, and another label. */
function windowsOsinfo(edition: WindowsEdition, claim: Told): string | null {
  const told = osinfoOfWindows(edition)
  return told !== null && claim?.osinfo === `${told}r2` ? claim.osinfo : told
}

function summaryOf(claim: Told): string {
  if (claim === null) return ''
  const architecture = claim.architectures.length === 1 ? claim.architectures[0] : undefined
  return [claim.name, claim.version, architecture].filter(Boolean).join(' ')
}

function kernelNames(editions: readonly WindowsEdition[]): string[] {
  return [...new Set(editions.map(({ architecture }) => kernelName(architecture)))]
}

function kernelNamesOf(said: Said | null): string[] {
  return said?.architecture ? [kernelName(said.architecture)] : []
}

function evidenceOf(said: Said | null, claim: Told): Evidence[] {
  const found: Evidence[] = []
  if (said !== null) found.push({ claim: 'content', where: said.where, value: said.summary })
  if (claim !== null) found.push({ claim: 'system', where: claim.where, value: claim.value })
  return found
}

function useOf({
  live,
  installer,
  name,
  version,
}: Pick<Identity, 'live' | 'installer' | 'name' | 'version'>): string | null {
  if (name === null || !(live || installer)) return null
  const system = version === null || name.includes(version) ? name : `${name} ${version}`
  if (live) return `Starts ${system} without installing it${installer ? ', and installs it' : ''}.`
  return `Installs ${system}.`
}
