import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  changeTree,
  collect,
  mbrCodeOf,
  optionsOfImage,
  planImage,
  PRESETS,
  readImageTree,
  writePlan,
} from '../../src-main/author'
import { openLocation } from '../../src-main/engine'
import { isInstalled } from '../unit/desktop/programs'
import { temporaryFolder } from '../unit/support'
import { boots, UEFI, WITHIN_MS, type Firmware, type Medium } from './machine'
import { grubTree, hasGrub, hasIsolinux, isolinuxTree, MARK, type BootTree } from './trees'

const CONTROL = { checkpoint: () => undefined, progress: () => undefined }
const hasMachine = isInstalled('qemu-system-x86_64')

async function make({ folder, mbr }: BootTree): Promise<string> {
  const image = path.join(temporaryFolder(), 'made.iso')
  const options = { ...PRESETS.linux, label: 'BOOT', hybrid: 'both', mbrCode: mbrCodeOf(fs.readFileSync(mbr)) } as const
  await writePlan(await planImage(collect([{ path: folder, at: '' }]).root, options), image, CONTROL)
  return image
}

/** A copy with a file more in front of everything, so that all addresses are others. */
async function edit(image: string): Promise<string> {
  const opened = await openLocation(image)
  try {
    const tree = await readImageTree(opened.image, opened.image.info.defaultViewId)
    const { options } = await optionsOfImage(opened.image, tree.root, tree.hasSums)
    const added = path.join(temporaryFolder(), 'added')
    fs.writeFileSync(added, Buffer.alloc(3_000_000, 'added'))
    changeTree(tree.root, [{ op: 'add', from: added, at: 'added' }])
    const copy = path.join(temporaryFolder(), 'edited.iso')
    const sort = [{ pattern: 'added', weight: 1 }]
    await writePlan(await planImage(tree.root, { ...options, sort }), copy, CONTROL)
    return copy
  } finally {
    await opened.close()
  }
}

const CASES: readonly [loader: string, isThere: boolean, tree: () => BootTree, medium: Medium, firmware: Firmware][] = [
  ['isolinux', hasIsolinux, isolinuxTree, 'disc', 'bios'],
  ['isolinux', hasIsolinux, isolinuxTree, 'disk', 'bios'],
  ['isolinux', hasIsolinux, isolinuxTree, 'stick', 'bios'],
  ['GRUB', hasGrub, grubTree, 'disc', 'bios'],
  ['GRUB', hasGrub, grubTree, 'disk', 'bios'],
  ['GRUB', hasGrub, grubTree, 'stick', 'bios'],
  ['GRUB', hasGrub && UEFI !== undefined, grubTree, 'disc', 'uefi'],
  ['GRUB', hasGrub && UEFI !== undefined, grubTree, 'stick', 'uefi'],
]

describe.each(CASES)('%s', (_, isThere, tree, medium, firmware) => {
  it.skipIf(!hasMachine || !isThere)(
    `boots a machine of ${firmware} from a ${medium}`,
    async () => {
      expect(await boots(await make(tree()), medium, firmware, MARK)).toBe(true)
    },
    WITHIN_MS + 20_000,
  )

  it.skipIf(!hasMachine || !isThere)(
    `boots a machine of ${firmware} from a ${medium} after it was edited`,
    async () => {
      expect(await boots(await edit(await make(tree())), medium, firmware, MARK)).toBe(true)
    },
    WITHIN_MS + 20_000,
  )
})
