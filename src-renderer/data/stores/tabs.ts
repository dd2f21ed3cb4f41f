import { markRaw, reactive, type Raw } from 'vue'
import { z } from 'zod'
import { sorting, type Sorting } from '../../../src-shared/contract'
import { paneAddress, type PaneAddress } from '../rows/address'
import { Listing } from '../rows/listing'

export type PaneSide = 'left' | 'right'

export interface Tab {
  /** Where the rows that are shown are from: where the tab was before, while those of its address are on their way. */
  shown: PaneAddress
  id: number
  address: PaneAddress
  back: PaneAddress[]
  forward: PaneAddress[]
  /** The names of the rows that the cursor was at, by the addresses that were left. */
  cursors: Raw<Map<string, string>>
  sort: Sorting
  filter: string
  listing: Raw<Listing>
  /** Set when an image address was resolved: the directory's entry number and the view shown. */
  directory: number
  view: string | null
  /** A path that is waited for, because its image is still being read. */
  awaitedPath: string | null
}

export interface Pane {
  side: PaneSide
  tabs: Tab[]
  activeId: number
}

/** Of where a tab was, so many steps are kept between starts. */
const KEPT_STEPS = 20

const keptTab = z.object({
  address: paneAddress,
  sort: sorting,
  filter: z.string().default(''),
  /** The name of the row that the cursor is at. */
  cursor: z.string().nullable().default(null),
  back: z.array(paneAddress).default([]),
})

/** What is kept of a tab between starts. A dropped file does not outlive its page. */
export function keep(tab: Tab): z.input<typeof keptTab> {
  const { address, sort, filter, back, listing } = tab
  const row = listing.state.status === 'ready' ? listing.row(listing.state.cursor) : null
  const cursor = row?.name ?? tab.cursors.get(JSON.stringify(address)) ?? null
  return { address, sort, filter, cursor, back: back.filter(isLasting).slice(-KEPT_STEPS) }
}

/** A tab as it was kept. */
export function comeBack({ address, sort, filter, cursor, back }: z.output<typeof keptTab>): Tab {
  const tab = createTab(address, sort)
  tab.filter = filter
  tab.back = back
  if (cursor !== null) tab.cursors.set(JSON.stringify(address), cursor)
  return tab
}

export function isLasting(address: PaneAddress): boolean {
  return !(address.kind === 'image' && address.location.kind === 'upload')
}

const keptPane = z.object({
  tabs: z.array(keptTab).max(40),
  active: z.number(),
})
/** What is kept of both panes between starts. */
export const keptPanes = z.object({ left: keptPane, right: keptPane, active: z.enum(['left', 'right']) })

let lastTab = 0

export function createTab(address: PaneAddress, sort: Sorting = sorting.parse({})): Tab {
  return reactive({
    id: ++lastTab,
    address,
    shown: address,
    back: [],
    forward: [],
    cursors: markRaw(new Map<string, string>()),
    sort,
    filter: '',
    listing: markRaw(new Listing()),
    directory: 0,
    view: null,
    awaitedPath: null,
  })
}
