import { because, inWords, type BootEntry, type Said } from '../../../src-shared/model'
import { firstBytes, nodeAt, type AuthorNode } from '../author-tree'
import { wholeSectors, type BootEmulation, type BootRequest } from '../boot/el-torito'
import type { PlacedEntry } from './boot-entries'
import type { Fates } from './fates'

const EMULATIONS: Record<string, BootEmulation> = {
  'no-emulation': 'none',
  'floppy-1.2': 'floppy',
  'floppy-1.44': 'floppy',
  'floppy-2.88': 'floppy',
  'hard-disk': 'hard-disk',
}
/** Of a boot image: as much as tells whether a table in it says where it lies. */
const HEAD_LENGTH = 2560

/** What an image's boot catalog asks for, to be asked for again. @param root the tree of its default view */
export async function bootsOf(
  placed: readonly PlacedEntry[],
  root: AuthorNode,
): Promise<Fates & { boots: BootRequest[] }> {
  const found: Fates & { boots: BootRequest[] } = { boots: [], kept: [], otherwise: [], lost: [] }
  for (const { entry, catalog, content } of placed) {
    const { platform, path, bootable } = entry
    const emulation = EMULATIONS[entry.emulation]
    const what = whatOf(entry)
    const isKnown = platform === 'bios' || platform === 'efi'
    if (!isKnown || emulation === undefined || catalog === null || content === null || !bootable) {
      found.lost.push({
        message: `The boot entry for ${platform} (${what.message}) cannot be written again.`,
        details: because('bootNotWritten', { platform, what }),
      })
      continue
    }
    const { startBlock: block, loadSegment, systemType, selection, id } = catalog
    const node = path === null ? null : nodeAt(root, path)
    const head = await firstBytes(content, HEAD_LENGTH)
    const request: BootRequest = {
      platform: platform === 'efi' ? 'uefi' : 'bios',
      path: path ?? what.message,
      emulation,
      hasInfoTable: head.byteLength >= 64 && head.readUInt32LE(8) === 16 && head.readUInt32LE(12) === block,
      hasGrubTable: head.byteLength >= 2556 && head.readUInt32LE(2548) === block * 4 + 5,
      recorded: { loadSegment, systemType, selection, id },
    }
    // Where all is loaded, all of a file is that takes its place as well.
    request.loadSectors = entry.loadSectors === wholeSectors(entry.byteLength) ? 'whole' : entry.loadSectors
    if (node !== null && node.content !== null) request.node = node
    else request.made = { ...content, origin: what.message }
    found.boots.push(request)
    const hasTable = request.hasInfoTable || request.hasGrubTable
    found.kept.push({
      message: `The boot entry for ${platform} (${what.message}) is kept${hasTable ? ', and the table in it is recomputed' : ''}.`,
      details: because(hasTable ? 'bootTableRenewed' : 'bootKept', { platform, what }),
    })
  }
  return found
}

/** The file that is started, or how large a boot image is that is none. */
function whatOf({ path, byteLength }: BootEntry): Said {
  if (path !== null) return { message: path }
  return {
    message: `a boot image of ${inWords(byteLength)}`,
    details: because('bootImageOf', { size: byteLength }),
  }
}
