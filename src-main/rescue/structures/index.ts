import type { ByteSource } from '../../image/core/byte-source'
import { repairGuidTables } from './gpt-repairs'
import { repairIso } from './iso-repairs'
import { PatchedImage, type StructureRepair } from './patched-image'
import { repairUdf } from './udf-repairs'

export type { StructureRepair } from './patched-image'

/**
 * What of an image's structures can be put right by their other half or their backup: numbers recorded in both byte
 * orders, path tables, UDF's anchors and volume descriptors, tables of partitions.
 */
export async function structureRepairs(image: ByteSource): Promise<StructureRepair[]> {
  const patched = new PatchedImage(image)
  await repairIso(patched)
  await repairUdf(patched)
  await repairGuidTables(patched)
  return patched.repairs
}
