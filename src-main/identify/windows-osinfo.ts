import type { WindowsEdition } from './windows'

/** By the first build of each release, the newest first. */
const CLIENTS: readonly [build: number, osinfo: string][] = [
  [22_000, 'win11'],
  [10_000, 'win10'],
  [9_600, 'win8.1'],
  [9_200, 'win8'],
  [7_600, 'win7'],
  [6_000, 'winvista'],
]
const SERVERS: readonly [build: number, osinfo: string][] = [
  [26_000, 'win2k25'],
  [20_300, 'win2k22'],
  [17_700, 'win2k19'],
  [14_300, 'win2k16'],
  [9_600, 'win2k12r2'],
  [9_200, 'win2k12'],
  [7_600, 'win2k8r2'],
  [6_001, 'win2k8'],
]
/** Older ones have a build each; that of Server 2003 is of Windows XP for 64 bits too. */
const OLDER: Record<number, string> = {
  950: 'win95',
  1381: 'winnt4.0',
  1998: 'win98',
  2195: 'win2k',
  2600: 'winxp',
  3000: 'winme',
  3790: 'winxp',
}

/** The short name of a release; null for a build that is none of theirs, and for what is only started from. */
export function osinfoOfWindows({ build, installationType, name }: WindowsEdition): string | null {
  if (installationType === 'WindowsPE') return null
  const isServer = installationType === '' ? /server/i.test(name) : installationType.startsWith('Server')
  if (isServer && build === 3790) return 'win2k3'
  return (isServer ? SERVERS : CLIENTS).find(([first]) => build >= first)?.[1] ?? OLDER[build] ?? null
}

const KERNEL_NAMES: Record<string, string> = {
  x64: 'x86_64',
  amd64: 'x86_64',
  x86: 'i686',
  i386: 'i686',
  i586: 'i686',
  arm64: 'aarch64',
  arm: 'armv7l',
  armhf: 'armv7l',
  ppc64el: 'ppc64le',
  'ia-64': 'ia64',
}

/** A processor as the kernel calls it (`uname -m`), however a disc does. */
export function kernelName(architecture: string): string {
  const small = architecture.toLowerCase()
  return KERNEL_NAMES[small] ?? small
}
