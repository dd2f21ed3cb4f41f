import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { temporaryFolder } from '../unit/support'

const LOOK_MS = 250
export const WITHIN_MS = 60_000
/** Debian's and Fedora's places of the firmware for UEFI. */
const UEFI_FIRMWARE = [
  ['/usr/share/OVMF/OVMF_CODE_4M.fd', '/usr/share/OVMF/OVMF_VARS_4M.fd'],
  ['/usr/share/OVMF/OVMF_CODE.fd', '/usr/share/OVMF/OVMF_VARS.fd'],
] as const

export const UEFI = UEFI_FIRMWARE.find(([code]) => fs.existsSync(code))

export type Medium = 'disc' | 'disk' | 'stick'
export type Firmware = 'bios' | 'uefi'

/** Starts a machine, without hardware acceleration, and answers whether `mark` came out of its serial port. */
export async function boots(image: string, medium: Medium, firmware: Firmware, mark: string): Promise<boolean> {
  const folder = temporaryFolder()
  const log = path.join(folder, 'serial')
  const args = ['-accel', 'tcg,thread=multi', '-display', 'none', '-net', 'none', '-monitor', 'none', '-no-reboot']
  args.push('-m', '256', '-serial', `file:${log}`)
  if (firmware === 'uefi' && UEFI) {
    const [code, variables] = UEFI
    const own = path.join(folder, 'variables')
    fs.copyFileSync(variables, own)
    args.push('-machine', 'q35', '-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${code}`)
    args.push('-drive', `if=pflash,format=raw,unit=1,file=${own}`)
  }
  if (medium === 'disc') args.push('-cdrom', image)
  else if (medium === 'disk') args.push('-drive', `file=${image},format=raw,media=disk,snapshot=on`)
  else {
    args.push('-drive', `id=stick,if=none,file=${image},format=raw,snapshot=on`, '-device', 'qemu-xhci')
    args.push('-device', 'usb-storage,drive=stick,bootindex=0')
  }
  const machine = spawn('qemu-system-x86_64', args, { stdio: 'ignore' })
  const state = { hasEnded: false }
  machine.once('exit', () => (state.hasEnded = true))
  try {
    for (const end = Date.now() + WITHIN_MS; Date.now() < end && !state.hasEnded;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      if (fs.existsSync(log) && fs.readFileSync(log).includes(mark)) return true
    }
    return fs.existsSync(log) && fs.readFileSync(log).includes(mark)
  } finally {
    machine.kill('SIGKILL')
  }
}
