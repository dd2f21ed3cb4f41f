import { because } from '../../../src-shared/model'
import type { DiscImage } from '../../image'
import { CODE_LENGTH, mbrCodeOf } from '../boot/hybrid'
import type { AuthorOptions } from '../options'
import type { Fates } from './fates'
import { appendedPartitions } from './left-behind'

const SECTOR = 512
const LOADERS = { isolinux: 'isolinux', grub: 'GRUB' } as const

/**
 * What makes a disk of an image as well as a disc: its first sector, and the tables of partitions.
 * @param boots whether the image's boot entries are written again
 */
export async function diskOf(
  image: DiscImage,
  boots: boolean,
): Promise<Fates & Pick<AuthorOptions, 'hybrid' | 'mbrCode'>> {
  const { info, blocks } = image
  const head = Buffer.from(await blocks.read(0, 2 * SECTOR))
  const none = { hybrid: null, mbrCode: null, kept: [], lost: [] }
  if (head.byteLength < 2 * SECTOR || head.readUInt16LE(SECTOR - 2) !== 0xaa55) return none
  const { name } = info
  const bootOffset = boots ? (info.boot[0]?.byteOffset ?? null) : null
  // Of a table that is there for a partition, what is lost is the partition, which is told.
  if (bootOffset === null && (await appendedPartitions(image)).length > 0) return none
  if (bootOffset === null)
    return {
      ...none,
      lost: [
        {
          message: `“${name}” has a table of partitions, but no boot entry: the new image will have no such table.`,
          details: because('tableWithoutBoot', { name }),
        },
      ],
    }
  const hasTable = head.toString('latin1', SECTOR, SECTOR + 8) === 'EFI PART'
  const hasCode = head.subarray(0, CODE_LENGTH).some((byte) => byte !== 0)
  const start = Number(head.readBigUInt64LE(CODE_LENGTH))
  const sector = bootOffset / SECTOR
  const loader = start === sector ? 'isolinux' : start === sector + 4 ? 'grub' : null
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
        kept: [{ message: 'The GUID partition table is written anew.', details: because('guidTableRenewed', {}) }],
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
    kept: [
      {
        message: `The first sector of ${shown}${hasTable ? ' and GUID partition tables are' : ' is'} kept, with new addresses.`,
        details: because(hasTable ? 'firstSectorAndTableKept' : 'firstSectorKept', { loader: shown }),
      },
    ],
    lost: [],
  }
}
