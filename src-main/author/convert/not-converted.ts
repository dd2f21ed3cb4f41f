import type { Said, ViewInfo } from '../../../src-shared/model'
import type { DiscImage } from '../../image'
import { isWrittenTree } from '../edit/written-trees'
import { leftBehind } from '../edit/left-behind'
import type { Plan } from '../plan'

const SECTOR = 512

/** What of a disc is not in a new image of the files of one of its trees; of what is no disc, its files are all. */
export async function notConverted(image: DiscImage, view: ViewInfo): Promise<Said[]> {
  if (!isWrittenTree(view.kind)) return []
  const { files, around } = await leftBehind(image, view.id, await image.view(view.id).readTree())
  return [...files, ...around, ...(await disksNotConverted(image))]
}

/** The new image is a disc alone: of what makes a disk of one as well, nothing is made anew without its loader's code. */
async function disksNotConverted({ info, blocks }: DiscImage): Promise<Said[]> {
  const first = await blocks.read(0, SECTOR)
  const tables = info.views.find(({ kind }) => kind === 'partitions')?.format
  if (info.boot.length === 0 || first[SECTOR - 2] !== 0x55 || first[SECTOR - 1] !== 0xaa) return []
  return [
    {
      message: `The new image will start from a disc at most, and not from a stick: the first sector of “${info.name}” and its partitions (${tables ?? 'MBR'}) are not in it. To keep them, change the image by “isolde edit”.`,
    },
  ]
}

/** Boot entries of an image that the new one has none of its kind for. */
export function bootsNotConverted({ info }: DiscImage, { boots }: Plan): Said[] {
  const written = new Set<string>(boots.map(({ platform }) => (platform === 'uefi' ? 'efi' : platform)))
  const lost = new Set(info.boot.map(({ platform }) => platform).filter((platform) => !written.has(platform)))
  return [...lost].map((platform) => ({ message: `The boot entry for ${platform} is not in the new image.` }))
}
