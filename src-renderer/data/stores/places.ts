import { defineStore } from 'pinia'
import { computed, watch } from 'vue'
import { z } from 'zod'
import { isSameAddress, paneAddress, type PaneAddress } from '../rows/address'
import { usePanes, type PaneSide } from './panes'
import { useSettings } from './settings'
import { isLasting } from './tabs'

const VISITED_KEPT = 30
const DESTINATIONS_KEPT = 12
const FAVOURITES_AT_MOST = 100

const favourite = z.object({ address: paneAddress })
const visits = z.object({ left: z.array(paneAddress), right: z.array(paneAddress) })

/** Places that a person goes to again: favourites, where each pane was, and where things were extracted to. */
export const usePlaces = defineStore('places', () => {
  const settings = useSettings()
  const read = <Schema extends z.ZodType>(key: string, schema: Schema, none: z.output<Schema>): z.output<Schema> => {
    // What an older or newer version left behind that does not fit is as good as nothing.
    const found = schema.safeParse(settings.current.window[key])
    return found.success ? found.data : none
  }
  const favourites = computed(() => read('favourites', z.array(favourite), []).map(({ address }) => address))
  const visited = computed(() => read('visited', visits, { left: [], right: [] }))
  const destinations = computed(() => read('destinations', z.array(z.string()), []))

  function isFavourite(address: PaneAddress): boolean {
    return favourites.value.some((one) => isSameAddress(one, address))
  }

  /** Makes a place a favourite, or none any more. Answers which of these. */
  function toggleFavourite(address: PaneAddress): boolean {
    const others = favourites.value.filter((one) => !isSameAddress(one, address))
    const isNew = others.length === favourites.value.length
    const next = isNew ? [...others, address].slice(-FAVOURITES_AT_MOST) : others
    settings.remember(
      'favourites',
      next.map((one) => ({ address: one })),
    )
    return isNew
  }

  /** Notes that a pane is somewhere; the latest come first. */
  function visit(side: PaneSide, address: PaneAddress): void {
    if (address.kind === 'start' || address.kind === 'page' || address.kind === 'project' || !isLasting(address)) return
    if (address.kind === 'search' && address.filter.text === '') return
    const [latest] = visited.value[side]
    if (latest && isSameAddress(latest, address)) return
    const others = visited.value[side].filter((one) => !isSameAddress(one, address))
    settings.remember('visited', { ...visited.value, [side]: [address, ...others].slice(0, VISITED_KEPT) })
  }

  function extractTo(folder: string): void {
    if (destinations.value[0] === folder) return
    const others = destinations.value.filter((one) => one !== folder)
    settings.remember('destinations', [folder, ...others].slice(0, DESTINATIONS_KEPT))
  }

  return { favourites, visited, destinations, isFavourite, toggleFavourite, visit, extractTo }
})

/** From now on it is noted where both panes are. */
export function keepVisited(): void {
  const panes = usePanes()
  const places = usePlaces()
  for (const pane of [panes.left, panes.right])
    watch(
      () => panes.currentTab(pane).address,
      (address) => places.visit(pane.side, address),
      { immediate: true },
    )
}
