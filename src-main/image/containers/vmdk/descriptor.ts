/** Descriptors are text of a few hundred bytes; those of disks in a thousand parts have some tens of thousands. */
export const DESCRIPTOR_LIMIT = 1 << 20
const EXTENT_LIMIT = 4096
const SECTOR = 512

export interface ExtentLine {
  /** `FLAT`, `SPARSE`, `ZERO`, `VMFS`, `VMFSSPARSE` … */
  type: string
  /** In bytes. */
  byteLength: number
  /** Empty for zeros. */
  fileName: string
  /** Of a flat extent in its file, in bytes. */
  byteOffset: number
}

/** VMware, “Virtual Disk Format 5.0”, “Layout Basics”. */
export interface Descriptor {
  /** Of the content, changed with it; eight hexadecimal digits. */
  identity: string
  /** Null of a disk that is based on no other. */
  baseIdentity: string | null
  /** Empty where it is not named. */
  baseName: string
  extents: ExtentLine[]
}

const NO_BASE = 'ffffffff'

/** Null where the text is no descriptor. */
export function readDescriptor(text: string): Descriptor | null {
  if (!/^\s*#\s*Disk DescriptorFile/i.test(text)) return null
  const valueOf = (key: string): string | null =>
    new RegExp(`^\\s*${key}\\s*=\\s*(.*?)\\s*$`, 'im').exec(text)?.[1] ?? null
  const base = valueOf('parentCID')?.toLowerCase() ?? NO_BASE
  const extents: ExtentLine[] = []
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*(?:RW|RDONLY|NOACCESS)\s+(\d+)\s+([A-Z]+)(?:\s+"([^"]*)"(?:\s+(\d+))?)?/i.exec(line)
    if (found === null || extents.length === EXTENT_LIMIT) continue
    const [, sectors = '0', type = '', fileName = '', start = '0'] = found
    extents.push({
      type: type.toUpperCase(),
      byteLength: Number(sectors) * SECTOR,
      fileName,
      byteOffset: Number(start) * SECTOR,
    })
  }
  return {
    identity: (valueOf('CID') ?? '').toLowerCase().padStart(8, '0'),
    baseIdentity: base.padStart(8, '0') === NO_BASE ? null : base.padStart(8, '0'),
    baseName: (valueOf('parentFileNameHint') ?? '').replace(/^"|"$/g, ''),
    extents,
  }
}

export function descriptorText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes)
  const nul = text.indexOf('\0')
  return nul < 0 ? text : text.slice(0, nul)
}
