import type { ByteSource } from '../image'

/** One image of a Windows installation file. */
export interface WindowsEdition {
  name: string
  edition: string
  architecture: string
  /** `10.0.22621.1702`. */
  version: string
  build: number
  languages: string[]
  /** `Client`, `Server`, `Server Core`, `WindowsPE`; empty where the image does not say. */
  installationType: string
}

/** The header is 208 bytes; it names the XML resource at 0x48: size (low 56 bits) and flags, offset, original size. */
const HEADER_BYTES = 208
const XML_RESOURCE_OFFSET = 0x48
const XML_LIMIT = 4 << 20
const ARCHITECTURES: Record<string, string> = { '0': 'x86', '5': 'ARM', '6': 'IA-64', '9': 'x64', '12': 'ARM64' }

/**
 * The editions that a `.wim`, `.esd` or `.swm` says it holds, from its uncompressed XML (UTF-16LE with a byte-order
 * mark). Empty where it is no such file.
 */
export async function readWindowsEditions(source: ByteSource): Promise<WindowsEdition[]> {
  const header = await source.read(0, HEADER_BYTES)
  if (header.byteLength < HEADER_BYTES) return []
  const magic = new TextDecoder('latin1').decode(header.subarray(0, 8))
  if (magic !== 'MSWIM\0\0\0') return []
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const byteLength = Number(view.getBigUint64(XML_RESOURCE_OFFSET, true) & 0xff_ffff_ffff_ffffn)
  const byteOffset = Number(view.getBigUint64(XML_RESOURCE_OFFSET + 8, true))
  if (byteLength === 0 || byteLength > XML_LIMIT || byteOffset + byteLength > source.byteLength) return []
  const xml = new TextDecoder('utf-16le').decode(await source.read(byteOffset, byteLength))
  return [...xml.matchAll(/<IMAGE\b[^>]*>([\s\S]*?)<\/IMAGE>/g)].map((match) => readEdition(match[1] ?? ''))
}

function readEdition(xml: string): WindowsEdition {
  const build = Number(element(xml, 'BUILD') ?? 0)
  const parts = ['MAJOR', 'MINOR', 'BUILD', 'SPBUILD'].map((part) => element(xml, part)).filter((part) => part !== null)
  return {
    name: element(xml, 'DISPLAYNAME') ?? element(xml, 'NAME') ?? 'Windows',
    edition: element(xml, 'EDITIONID') ?? '',
    architecture: ARCHITECTURES[element(xml, 'ARCH') ?? ''] ?? 'unknown',
    version: parts.join('.'),
    build,
    installationType: element(xml, 'INSTALLATIONTYPE') ?? '',
    languages: [...xml.matchAll(/<LANGUAGE>([^<]*)<\/LANGUAGE>/g)].map((match) => match[1] ?? ''),
  }
}

/** These elements hold plain text without markup. */
function element(xml: string, name: string): string | null {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return text === undefined ? null : decodeEntities(text)
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** XML 1.0, 4.1 and 4.6: character references and the five entities that every document has. */
function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
