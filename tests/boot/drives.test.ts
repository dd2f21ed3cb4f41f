import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { collect, mbrCodeOf, planImage, PRESETS, writePlan } from '../../src-main/author'
import { driveAt, findDrives, planDrive, writeDrive, type DrivePlan, type PlanRequest } from '../../src-main/devices'
import { planFiles } from '../../src-main/devices/plan/files'
import { openLocation } from '../../src-main/engine'
import { UNCONTROLLED } from '../../src-main/task'
import { isInstalled } from '../unit/desktop/programs'
import { MIB, noise, plainDrive } from '../unit/devices/drives-for-tests'
import { temporaryFolder } from '../unit/support'
import { boots, UEFI, WITHIN_MS } from './machine'
import { grubTree, hasGrub, MARK } from './trees'

const isPossible = isInstalled('qemu-system-x86_64') && hasGrub && UEFI !== undefined
const LIMIT = WITHIN_MS + 30_000

/** An image with a loader for UEFI, made for discs alone or for drives as well. */
async function make(hybrid: null | 'both'): Promise<string> {
  const { folder, mbr } = grubTree()
  fs.mkdirSync(path.join(folder, 'sources'))
  fs.writeFileSync(path.join(folder, 'sources/install.esd'), noise(3 * MIB))
  const image = path.join(temporaryFolder(), 'made.iso')
  const options = { ...PRESETS.linux, label: 'BOOT', hybrid, mbrCode: mbrCodeOf(fs.readFileSync(mbr)) } as const
  await writePlan(await planImage(collect([{ path: folder, at: '' }]).root, options), image, UNCONTROLLED)
  return image
}

async function write(
  image: string,
  plan: (request: PlanRequest) => Promise<DrivePlan>,
): Promise<{ drive: string; plan: DrivePlan }> {
  const opened = await openLocation(image)
  try {
    const drive = plainDrive(160 * MIB)
    const found = await findDrives()
    const offered = driveAt(drive, found)
    const request = {
      image: opened.image,
      file: opened.file,
      how: null,
      table: 'mbr',
      isFitted: false,
      driveLength: 160 * MIB,
    } as const
    const made = await plan(request)
    const options = { confirm: offered.confirm, isChecked: true, isFixedAllowed: false, inUse: [] }
    await writeDrive(offered, found, made, options, UNCONTROLLED)
    return { drive, plan: made }
  } finally {
    await opened.close()
  }
}

describe.skipIf(!isPossible)('a stick that was written', () => {
  it.each(['mbr', 'gpt'] as const)(
    'file by file starts a machine with UEFI (%s)',
    async (table) => {
      const { drive, plan } = await write(await make(null), (request) => planDrive({ ...request, table }))
      expect(plan.how).toBe('files')
      expect(await boots(drive, 'stick', 'uefi', MARK)).toBe(true)
    },
    LIMIT,
  )

  it(
    'with a second volume for what FAT32 cannot hold starts a machine with UEFI',
    async () => {
      const limits = { fileLimit: MIB * 2, partLength: MIB }
      const { drive, plan } = await write(await make(null), (request) => planFiles(request, limits))
      expect(plan.parts.map(({ type }) => type)).toEqual(['fat32', 'exfat'])
      expect(await boots(drive, 'stick', 'uefi', MARK)).toBe(true)
    },
    LIMIT,
  )

  it.each(['bios', 'uefi'] as const)(
    'as it is starts a machine (%s)',
    async (firmware) => {
      const { drive, plan } = await write(await make('both'), planDrive)
      expect(plan.how).toBe('as-is')
      expect(await boots(drive, 'stick', firmware, MARK)).toBe(true)
    },
    LIMIT,
  )
})
