import { appended } from './appended'
import type { Container } from './container'
import { bzip2 } from './bzip2'
import { ccd } from './ccd'
import { cdi } from './cdi'
import { chd } from './chd'
import { cso } from './cso'
import { cue } from './cue'
import { dax } from './dax'
import { dmg } from './dmg'
import { ecm } from './ecm'
import { gcz } from './gcz'
import { gdi } from './gdi'
import { gzip } from './gzip'
import { isz } from './isz'
import { initrd } from './initrd'
import { mds } from './mds'
import { nrg } from './nrg'
import { qcow2 } from './qcow2'
import { rawSectors } from './raw-sectors'
import { split } from './split'
import { toc } from './toc'
import { vdi } from './vdi'
import { vhd } from './vhd'
import { vhdx } from './vhdx'
import { vmdk } from './vmdk'
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
  chd,
  qcow2,
  vhd,
  vhdx,
  vmdk,
  vdi,
  cso,
  zso,
  isz,
  dax,
  gcz,
  ecm,
  nrg,
  cdi,
  mds,
  ccd,
  toc,
  gdi,
  cue,
  appended,
  // Last: a sheet beside the sectors knows more than they do.
  rawSectors,
]
