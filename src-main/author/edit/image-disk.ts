import { because, type Said } from '../../../src-shared/model'
import type { DiscImage } from '../../image'
import { readGuidTable } from '../../image/core/guid-table'
import { CODE_LENGTH, diskSignature, guidPartitions, mbrCodeOf, type DiskIdentity } from '../boot/hybrid'
import { BLOCK } from '../layout'
import type { AuthorOptions } from '../options'
import type { PlacedEntry } from './boot-entries'
import type { Fates } from './fates'
import { appendedPartitions, volumeEndOf } from './left-behind'

const SECTOR = 512
const SECTORS_A_BLOCK = BLOCK / SECTOR
/** Where tables of partitions lie: in front of the volume. */
const SYSTEM_AREA_LENGTH = 16 * BLOCK
const LOADERS = { isolinux: 'isolinux', grub: 'GRUB' } as const

/**
 * What makes a disk of an image as well as a disc: its first sector, and the tables of partitions.
 * @param entries of its boot catalog
 * @param boots whether they are written again
 */
export async function diskOf(
  image: DiscImage,
  entries: readonly PlacedEntry[],
  boots: boolean,
): Promise<Fates & Pick<AuthorOptions, 'hybrid' | 'mbrCode' | 'diskIdentity'>> {
  const { info, blocks } = image
  const head = Buffer.from(await blocks.read(0, SYSTEM_AREA_LENGTH))
  const none = { hybrid: null, mbrCode: null, diskIdentity: null, kept: [], otherwise: [], lost: [] }
  const { name } = info
  if (head.byteLength < 2 * SECTOR) return none
  if (head.readUInt16LE(SECTOR - 2) !== 0xaa55) {
    const hasApple = hasApplePartitions(image)
    // What describes a Mac's disk stands where the code of a PC would.
    const hasOther = !hasApple && head.some((byte) => byte !== 0)
    return { ...none, otherwise: tablesNotKept([], hasApple), lost: hasOther ? [systemAreaLost(name)] : [] }
  }
  const bootBlock = boots ? (entries[0]?.catalog?.startBlock ?? null) : null
  // Of a table that is there for a partition, what is lost is the partition, which is told.
  if (bootBlock === null && (await appendedPartitions(image, info.defaultViewId, entries)).length > 0) return none
  if (bootBlock === null)
    return {
      ...none,
      lost: [
        {
          message: `“${name}” has a table of partitions, but no boot entry: the new image will have no such table.`,
          details: because('tableWithoutBoot', { name }),
        },
      ],
    }
  const table = await readGuidTable(blocks, SECTOR, SECTOR)
  const partitions = table === null ? [] : guidPartitions(table)
  const hasTable = table !== null
  const hasCode = head.subarray(0, CODE_LENGTH).some((byte) => byte !== 0)
  const start = Number(head.readBigUInt64LE(CODE_LENGTH))
  const sector = bootBlock * SECTORS_A_BLOCK
  const loader = start === sector ? 'isolinux' : start === sector + SECTORS_A_BLOCK ? 'grub' : null
  const uefiBlock = entries.find(({ entry }) => entry.platform === 'efi')?.catalog?.startBlock ?? -1
  const isUefi = ({ first }: { first: number }): boolean => first === uefiBlock * SECTORS_A_BLOCK
  const diskIdentity: DiskIdentity = {
    signature: diskSignature(head),
    guid: table === null ? null : Buffer.from(table.diskId, 'latin1'),
    uefiEntry: partitions.find(isUefi)?.bytes ?? null,
  }
  // Of those behind the volume, what is lost is told as that of a partition.
  const isAround = (each: { first: number }): boolean =>
    !isUefi(each) && each.first * SECTOR < volumeEndOf(image, info.defaultViewId)
  const others = partitions.filter(isAround).map((each) => each.name)
  const tablesLost = tablesNotKept(others, hasApplePartitions(image))
  if (!hasCode || loader === null) {
    const lost = hasCode
      ? [
          {
            message: `The code in the first sector of “${name}” is of an unknown loader, and is not kept.`,
            details: because('loaderUnknown', { name }),
          },
        ]
      : []
    if (hasTable)
      return {
        hybrid: 'gpt',
        mbrCode: null,
        diskIdentity,
        kept: [{ message: 'The GUID partition table is written anew.', details: because('guidTableRenewed', {}) }],
        otherwise: tablesLost,
        lost,
      }
    const noStick = {
      message: `The new image will start from a disc, but not from a stick: the table of partitions in the first sector of “${name}” is not kept. For a stick, write “${name}” itself.`,
      details: because('partitionsNotKept', { name }),
    }
    return { ...none, lost: [...lost, noStick] }
  }
  const shown = LOADERS[loader]
  return {
    hybrid: hasTable ? 'both' : 'mbr',
    mbrCode: { ...mbrCodeOf(head), loader },
    diskIdentity,
    kept: [
      {
        message: `The first sector of ${shown}${hasTable ? ' and GUID partition tables are' : ' is'} kept, with new addresses.`,
        details: because(hasTable ? 'firstSectorAndTableKept' : 'firstSectorKept', { loader: shown }),
      },
    ],
    otherwise: tablesLost,
    lost: [],
  }
}

/** ECMA-119 6.2.1: what the first 16 sectors are for is agreed on by nobody. */
function systemAreaLost(name: string): Said {
  return {
    message: `The system area of “${name}” (its first 32 kB) holds something that is not known here, and is not kept.`,
  }
}

/** Whether a table in it is one that Macs read. */
export function hasApplePartitions({ info }: DiscImage): boolean {
  return info.views.some(({ kind, format }) => kind === 'partitions' && format.includes('APM'))
}

/** Tables and partitions that describe the volume itself; no file is lost with them. @param others by their names */
function tablesNotKept(others: readonly string[], hasApple: boolean): Said[] {
  const what: string[] = []
  if (others.length > 0) what.push(`the GUID partitions ${others.map((name) => `“${name}”`).join(', ')}`)
  if (hasApple) what.push('the Apple partition map')
  return what.length === 0
    ? []
    : [{ message: `Of what makes a disk of the image, the new one has no place for ${what.join(' and ')}.` }]
}
