import { expect, it } from 'vitest'
import { planFiles } from '../../../src-main/devices/plan/files'
import { buildIso, type BuildNode } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'

it('a damaged image is refused in a sentence that names what is damaged', async () => {
  const nodes = (block: number): BuildNode[] => [
    { name: 'A', children: [{ name: 'SELF', children: [], location: block }] },
  ]
  const image = await openBytes(buildIso(nodes(buildIso(nodes(0)).blockOf('A'))).bytes)
  await expect(planFiles({ image, table: 'mbr', driveLength: 2 ** 30 })).rejects.toMatchObject({
    code: 'CONTENT_DAMAGED',
    message:
      '“A/SELF” is a folder that appears elsewhere in the tree; it is shown empty here. Nothing was written: the drive would not start as it should.',
  })
})
