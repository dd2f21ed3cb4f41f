import { computed, type ComputedRef } from 'vue'
import type { DamageStatus } from '../../base/damage-words'
import { entryPath } from '../../data/rows/address'
import type { PaneRow } from '../../data/rows/row-source'
import { useImages } from '../../data/stores/images'
import type { Tab } from '../../data/stores/panes'
import { useTrust } from '../../data/stores/trust'

/** What is wrong with a thing; `there`: of an image in a folder, how much of it is there. */
export interface RowDamage {
  status: Exclude<DamageStatus, 'complete'>
  there?: number | null
}

/** What is known to be wrong with the thing of a row, however it is shown; null where nothing is. */
export function useRowDamage(row: () => PaneRow | null, tab: () => Tab): ComputedRef<RowDamage | null> {
  const images = useImages()
  const trust = useTrust()
  return computed(() => {
    const thing = row()
    if (!thing) return null
    if (thing.status !== 'complete') return { status: thing.status }
    const { address } = tab()
    // A check of the image has found it damaged.
    const isInDamage =
      thing.kind === 'file' && address.kind === 'image' && trust.isDamaged(address.location, entryPath(address, thing))
    if (isInDamage) return { status: 'damaged' }
    const there = typeof thing.key === 'string' ? images.known.get(thing.key) : undefined
    return there === undefined ? null : { status: 'partial', there }
  })
}
