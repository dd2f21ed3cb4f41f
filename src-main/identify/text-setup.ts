import type { ImageView } from '../image'
import { readShort, said, type Said } from './said'
import type { WindowsEdition } from './windows'

/** The list of files of Windows XP takes half a megabyte. */
const LIST_LIMIT = 1 << 20

/** One folder for each processor; media for 64 bits have that of 32 bits beside it. */
const FOLDERS: readonly (readonly [folder: string, architecture: string])[] = [
  ['AMD64', 'x64'],
  ['IA64', 'IA-64'],
  ['I386', 'x86'],
]

/** `ProductType` of the list: what the disc installs. */
const PRODUCTS = ['Professional', 'Server', 'Advanced Server', 'Datacenter Server', 'Home Edition', 'Web Edition']
const SERVER_2003: Record<string, string> = {
  Server: 'Standard Edition',
  'Advanced Server': 'Enterprise Edition',
  'Datacenter Server': 'Datacenter Edition',
}

/** What systems before Windows 2000 have in their folders, and nobody else. */
const OLDER: readonly (readonly [path: string, name: string, version: string, build: number])[] = [
  ['CDROM_W.40', 'Windows NT Workstation', '4.0', 1381],
  ['CDROM_S.40', 'Windows NT Server', '4.0', 1381],
  ['WIN9X/PRECOPY1.CAB', 'Windows Me', '4.90', 3000],
  ['WIN98/PRECOPY1.CAB', 'Windows 98', '4.10', 1998],
  ['WIN95/PRECOPY1.CAB', 'Windows 95', '4.00', 950],
]

/** Media of Windows whose installer begins in text mode: 2000, XP and Server 2003 by `TXTSETUP.SIF`, older ones by a file. */
export async function textSetup(view: ImageView): Promise<Said | null> {
  for (const [folder, architecture] of FOLDERS) {
    const where = `${folder}/TXTSETUP.SIF`
    const bytes = (await readShort(view, where, LIST_LIMIT)) ?? (await readShort(view, where.toLowerCase(), LIST_LIMIT))
    const told = bytes === null ? null : editionOf(new TextDecoder('latin1').decode(bytes), architecture)
    if (told !== null) return saidOf(where, told)
  }
  for (const [path, name, version, build] of OLDER)
    if ((await view.lookup(path)) !== null) return saidOf(path, edition(name, '', version, build, 'x86'))
  return null
}

function saidOf(where: string, told: WindowsEdition): Said {
  const { name, version, architecture } = told
  return said(where, 'windows', `${name} ${version} ${architecture}`, name, version, architecture, [told])
}

/** From `[SetupData]`. Null where it names no version of Windows that has such a list. */
function editionOf(list: string, architecture: string): WindowsEdition | null {
  const section = /^\[SetupData\][^\S\n]*$([^]*?)(?=^\[|(?![^]))/im.exec(list)?.[1] ?? ''
  const numberOf = (key: string): number | null => {
    const digits = new RegExp(`^[^\\S\\n]*${key}[^\\S\\n]*=[^\\S\\n]*"?(\\d+)`, 'im').exec(section)?.[1]
    return digits === undefined ? null : Number(digits)
  }
  const product = PRODUCTS[numberOf('ProductType') ?? -1] ?? ''
  const isServer = product !== '' && product !== 'Professional' && product !== 'Home Edition'
  const version = `${numberOf('MajorVersion') ?? ''}.${numberOf('MinorVersion') ?? ''}`
  if (version === '5.0') return edition('Windows 2000', product, version, 2195, architecture)
  if (version === '5.1') return edition('Windows XP', product, version, 2600, architecture)
  if (version !== '5.2') return null
  // The one for x64 is made of the server of its time.
  if (!isServer) return edition('Windows XP', product, version, 3790, architecture)
  return edition('Windows Server 2003', SERVER_2003[product] ?? product, version, 3790, architecture)
}

function edition(name: string, product: string, version: string, build: number, architecture: string): WindowsEdition {
  const whole = product === '' ? name : `${name} ${product}`
  const installationType = /server/i.test(whole) ? 'Server' : 'Client'
  return {
    name: whole,
    edition: product,
    architecture,
    version: `${version}.${build}`,
    build,
    languages: [],
    installationType,
  }
}
