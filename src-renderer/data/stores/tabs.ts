import { markRaw, reactive, type Raw } from 'vue'
import { z } from 'zod'
import { sorting, type Sorting } from '../../../src-shared/contract'
import { paneAddress, type PaneAddress } from '../rows/address'
import { Listing } from '../rows/listing'

export type PaneSide = 'left' | 'right'

export interface Tab {
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

const keptPane = z.object({
  tabs: z.array(z.object({ address: paneAddress, sort: sorting })).max(40),
  active: z.number(),
})
/** What is kept of both panes between starts. */
export const keptPanes = z.object({ left: keptPane, right: keptPane, active: z.enum(['left', 'right']) })

let lastTab = 0

export function createTab(address: PaneAddress, sort: Sorting = sorting.parse({})): Tab {
  return reactive({
    id: ++lastTab,
    address,
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
