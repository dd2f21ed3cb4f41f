import type { Container } from './container'
import { bzip2 } from './bzip2'
import { ccd } from './ccd'
import { cso } from './cso'
import { cue } from './cue'
import { dmg } from './dmg'
import { gdi } from './gdi'
import { gzip } from './gzip'
import { initrd } from './initrd'
import { mds } from './mds'
import { nrg } from './nrg'
import { rawSectors } from './raw-sectors'
import { split } from './split'
import { toc } from './toc'
import { xz } from './xz'
import { zso } from './zso'
import { zstd } from './zstd'

/** Every container that is read. Where several may be it, they are tried in this order. */
export const CONTAINERS: readonly Container[] = [
  // First, since the first part begins as the whole does.
  split,
  // It begins with whatever its first block is packed by.
  dmg,
  // It begins with whatever its first part is packed by, and knows where that ends.
  initrd,
  gzip,
  xz,
  zstd,
  bzip2,
  cso,
  zso,
  nrg,
  mds,
  ccd,
  toc,
  gdi,
  cue,
  // Last: a sheet beside the sectors knows more than they do.
  rawSectors,
]
