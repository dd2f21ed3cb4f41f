import type { DiscFacts } from './facts'

/** What names of discs call processors, and what those are called by the kernel; the more exact first. */
const WORDS: readonly [RegExp, string][] = [
  [/x86[_-]64|amd64|x64|slackware64/i, 'x86_64'],
  [/aarch64|arm64|a64fre/i, 'aarch64'],
  [/armhfp?|armv7l?/i, 'armv7l'],
  [/ppc64(?:le|el)|p64el|powerpc64le/i, 'ppc64le'],
  [/ppc64|powerpc64/i, 'ppc64'],
  [/(?<![a-z])ppc|powerpc/i, 'ppc'],
  [/s390x/i, 's390x'],
  [/riscv(?:64)?/i, 'riscv64'],
  [/ia64/i, 'ia64'],
  [/sparc(?:64)?/i, 'sparc64'],
  [/hppa|parisc/i, 'parisc'],
  [/loongarch64/i, 'loongarch64'],
  [/mips64el/i, 'mips64el'],
  [/i[3-6]86(?![0-9])|(?<![0-9a-z])x86(?![_-]64)/i, 'i686'],
]

/** Longer names of volumes are cut (ECMA-119 8.4.7), often within the processor’s. */
const CUT_FROM = 31

/** Written in the midst of other letters: `..._i58607551`. */
const GLUED = /i[3-6]86/i

/**
 * The processors that a disc is for, as `uname -m` says them. Where nothing names one, what starts from it tells the kind:
 * a BIOS is that of both x86 processors, and a disc for UEFI alone is mostly for ARM.
 */
export function architecturesOf({ volumeId, volumeSetId, application, platforms }: DiscFacts): string[] {
  const texts =
    volumeId.length >= CUT_FROM ? [application, volumeId, volumeSetId] : [volumeId, application, volumeSetId]
  for (const text of texts) {
    const found = WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? (GLUED.test(text) ? 'i686' : undefined)
    if (found !== undefined) return [found]
  }
  // Its discs for 64 bits say so.
  if (/^Slackware/i.test(application)) return ['i686']
  if (platforms.includes('bios')) return ['x86_64', 'i686']
  return platforms.includes('efi') ? ['aarch64'] : []
}
