import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect, mbrCodeOf, planImage, PRESETS, writePlan } from '../../src-main/author'
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
})
