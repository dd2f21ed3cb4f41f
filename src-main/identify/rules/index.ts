import { architecturesOf } from './architectures'
import { OTHER_SYSTEMS } from './bsd'
import { DEBIAN } from './debian'
import { claimBy, type Claim, type DiscFacts } from './facts'
import { OTHER_LINUX } from './other-linux'
import { RED_HAT } from './red-hat'
import { SUSE } from './suse'
import { WINDOWS, windowsArchitecture } from './windows-labels'

export type { Claim, DiscFacts }

/** What the descriptors of a disc say that it is, and the processors that it is for; null where they say nothing. */
export function claimOf(facts: DiscFacts): (Claim & { architectures: string[] }) | null {
  const windows = windowsArchitecture(facts)
  if (windows !== null) {
    const claim = claimBy(WINDOWS, facts)
    if (claim !== null) return { ...claim, architectures: [windows] }
  }
  const claim = claimBy([...OTHER_SYSTEMS, ...RED_HAT, ...DEBIAN, ...SUSE, ...OTHER_LINUX], facts)
  return claim && { ...claim, architectures: architecturesOf(facts).map((one) => meant(claim.distro, one)) }
}

/** Ubuntu has never been made for the big-endian PowerPC of 64 bits: its names are cut there. */
function meant(distro: string, architecture: string): string {
  return distro === 'ubuntu' && architecture === 'ppc64' ? 'ppc64le' : architecture
}
