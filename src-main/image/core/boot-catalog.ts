import { ByteReader, isAllZero } from './byte-reader'
import { DiagnosticLog } from './diagnostic-log'

const ENTRY_LENGTH = 32
/** A catalog is a sector or two; nobody has seen one of more than a dozen entries. */
export const CATALOG_LIMIT = 2048 * 16

export interface CatalogEntry {
  bootable: boolean
  platform: string
  emulation: string
  /** In sectors of 512 bytes: what is loaded, which is not how long the image is. */
  sectorCount: number
  /** In blocks of 2048 bytes. */
  startBlock: number
  /** Where a PC loads it, in paragraphs of 16 bytes; 0: at the traditional place. */
  loadSegment: number
  /** Of an emulated hard disk: its partition's type. */
  systemType: number
  /** Bytes 12 to 31: what the entry is chosen by (El Torito 2.3). */
  selection: Uint8Array
  /** What the validation entry or the header of its section is called, as recorded: 24 or 28 bytes. */
  id: Uint8Array
}

/** The entries of a catalog that was read before, all that is wrong with it having been said then. */
export function catalogEntries(catalog: Uint8Array): CatalogEntry[] {
  return readBootCatalog(new ByteReader(catalog), 0, new DiagnosticLog())
}

/** El Torito 2.1 to 2.5: validation entry, initial entry, then sections with their entries and extensions. */
export function readBootCatalog(catalog: ByteReader, byteOffset: number, log: DiagnosticLog): CatalogEntry[] {
  if (catalog.u8(0) !== 1 || catalog.u8(30) !== 0x55 || catalog.u8(31) !== 0xaa) {
    log.recovered('BOOT_CATALOG_INVALID', 'The boot catalog does not begin with a validation entry.', byteOffset)
    return []
  }
  let sum = 0
  for (let at = 0; at < ENTRY_LENGTH; at += 2) sum += catalog.u16Le(at)
  // It costs starting from the disc, and no file.
  if ((sum & 0xffff) !== 0) log.recovered('BOOT_CATALOG_CHECKSUM', 'The boot catalog’s checksum is wrong.', byteOffset)
  const entries: CatalogEntry[] = []
  let platform = platformName(catalog.u8(1))
  entries.push(readEntry(catalog, ENTRY_LENGTH, platform, catalog.slice(4, 24)))
  let at = ENTRY_LENGTH * 2
  for (let isLast = false; !isLast && catalog.has(at, ENTRY_LENGTH);) {
    const indicator = catalog.u8(at)
    if (indicator !== 0x90 && indicator !== 0x91) break
    isLast = indicator === 0x91
    platform = platformName(catalog.u8(at + 1))
    const count = catalog.u16Le(at + 2)
    const id = catalog.slice(at + 4, ENTRY_LENGTH - 4)
    at += ENTRY_LENGTH
    for (let index = 0; index < count && catalog.has(at, ENTRY_LENGTH); index++) {
      if (isAllZero(catalog.slice(at, ENTRY_LENGTH))) break
      entries.push(readEntry(catalog, at, platform, id))
      // Bit 5: extensions follow, each of which says in its own bit 5 whether it is the last.
      let more = (catalog.u8(at + 1) & 0x20) !== 0
      at += ENTRY_LENGTH
      while (more && catalog.u8(at) === 0x44 && catalog.has(at, ENTRY_LENGTH)) {
        more = (catalog.u8(at + 1) & 0x20) !== 0
        at += ENTRY_LENGTH
      }
    }
  }
  return entries.filter((entry) => entry.startBlock > 0)
}

function readEntry(catalog: ByteReader, at: number, platform: string, id: Uint8Array): CatalogEntry {
  return {
    bootable: catalog.u8(at) === 0x88,
    platform,
    emulation: emulationName(catalog.u8(at + 1) & 15),
    sectorCount: catalog.u16Le(at + 6),
    startBlock: catalog.u32Le(at + 8),
    loadSegment: catalog.u16Le(at + 2),
    systemType: catalog.u8(at + 4),
    selection: catalog.slice(at + 12, ENTRY_LENGTH - 12).slice(),
    id: id.slice(),
  }
}

function platformName(id: number): string {
  const names: Record<number, string> = { 0: 'bios', 1: 'powerpc', 2: 'mac', 0xef: 'efi' }
  return names[id] ?? `0x${id.toString(16).padStart(2, '0')}`
}

function emulationName(media: number): string {
  return ['no-emulation', 'floppy-1.2', 'floppy-1.44', 'floppy-2.88', 'hard-disk'][media] ?? 'no-emulation'
}
