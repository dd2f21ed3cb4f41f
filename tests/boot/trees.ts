import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { temporaryFolder } from '../unit/support'

export const MARK = 'ISOLDE-MADE-THIS-BOOT'
const ISOLINUX = '/usr/lib/ISOLINUX'
const GRUB = '/usr/lib/grub'
const MODULES = [
  'iso9660',
  'part_gpt',
  'part_msdos',
  'echo',
  'serial',
  'terminal',
  'search',
  'normal',
  'configfile',
  'sleep',
  'halt',
]

export const hasIsolinux = fs.existsSync(`${ISOLINUX}/isolinux.bin`)
export const hasGrub =
  fs.existsSync(`${GRUB}/i386-pc/boot_hybrid.img`) &&
  fs.existsSync(`${GRUB}/x86_64-efi/moddep.lst`) &&
  spawnSync('which', ['grub-mkimage']).status === 0

export interface BootTree {
  folder: string
  /** Code for a disk's first sector. */
  mbr: string
}

/** A tree with isolinux, which says the mark on the serial line. */
export function isolinuxTree(): BootTree {
  const folder = temporaryFolder()
  fs.mkdirSync(path.join(folder, 'isolinux'))
  fs.copyFileSync(`${ISOLINUX}/isolinux.bin`, path.join(folder, 'isolinux/isolinux.bin'))
  fs.copyFileSync('/usr/lib/syslinux/modules/bios/ldlinux.c32', path.join(folder, 'isolinux/ldlinux.c32'))
  // It says on the serial line what it loads, though there is no such kernel.
  fs.writeFileSync(
    path.join(folder, 'isolinux/isolinux.cfg'),
    `SERIAL 0 115200\nDEFAULT mark\nLABEL mark\n  KERNEL ${MARK}\n`,
  )
  return { folder, mbr: `${ISOLINUX}/isohdpfx.bin` }
}

/** A tree with GRUB for BIOS, and for UEFI as a loader in `EFI/BOOT`; both read the mark from the disc. */
export function grubTree(): BootTree {
  const folder = temporaryFolder()
  const boot = path.join(folder, 'boot/grub/i386-pc')
  const efi = path.join(folder, 'EFI/BOOT')
  for (const each of [boot, efi]) fs.mkdirSync(each, { recursive: true })
  const script = path.join(temporaryFolder(), 'early.cfg')
  fs.writeFileSync(
    script,
    'search --no-floppy --file --set=root /boot/grub/mark.cfg\nset prefix=($root)/boot/grub\nsource /boot/grub/mark.cfg\n',
  )
  fs.writeFileSync(
    path.join(folder, 'boot/grub/mark.cfg'),
    `serial --unit=0 --speed=115200\nterminal_output serial\necho ${MARK}\nsleep 60\n`,
  )
  const make = (format: string, output: string, more: string[]): void => {
    const { status, stderr } = spawnSync(
      'grub-mkimage',
      ['-O', format, '-p', '/boot/grub', '-c', script, '-o', output, ...MODULES, ...more],
      { encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(stderr)
  }
  make('i386-pc-eltorito', path.join(boot, 'eltorito.img'), ['biosdisk'])
  make('x86_64-efi', path.join(efi, 'BOOTX64.EFI'), ['fat'])
  return { folder, mbr: `${GRUB}/i386-pc/boot_hybrid.img` }
}
