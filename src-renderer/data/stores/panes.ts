import { defineStore } from 'pinia'
import { computed, reactive, ref, watch } from 'vue'
import type { z } from 'zod'
import { call, on, onNewEngine } from '../api'
import { sorting, type Sorting } from '../../../src-shared/contract'
import {
  isListed,
  isSameAddress,
  locationKey,
  locationsOf,
  type ImageAddress,
  type PaneAddress,
  type SearchAddress,
} from '../rows/address'
import { columnOf } from '../rows/columns'
import type { RowQuery } from '../rows/row-source'
import { useImages } from './images'
import { useSettings } from './settings'
import { tabSources } from './tab-sources'
import { comeBack, createTab, isLasting, keep, keptPanes, type Pane, type PaneSide, type Tab } from './tabs'

export type { Pane, PaneSide, Tab } from './tabs'

const HISTORY_LIMIT = 100
const CURSOR_PAUSE_MS = 400

/** Both panes, their tabs, and where each of them is. */
export const usePanes = defineStore('panes', () => {
  const images = useImages()
  const settings = useSettings()
  const left = createPane('left')
  const right = createPane('right')
  const panes: Record<PaneSide, Pane> = { left, right }
  const activeSide = ref<PaneSide>('left')
  const isRestored = ref(false)

  const active = computed(() => panes[activeSide.value])
  const other = computed(() => panes[activeSide.value === 'left' ? 'right' : 'left'])
  const activeTab = computed(() => currentTab(active.value))
  const otherTab = computed(() => currentTab(other.value))

  /** The tab that is shown beside a tab of a pane. */
  function otherOf(tab: Tab): Tab {
    return currentTab(left.tabs.some(({ id }) => id === tab.id) ? right : left)
  }

  function createPane(side: PaneSide): Pane {
    const tab = createTab({ kind: 'start' })
    return reactive({ side, tabs: [tab], activeId: tab.id })
  }

  function currentTab(pane: Pane): Tab {
    const tab = pane.tabs.find(({ id }) => id === pane.activeId) ?? pane.tabs[0]
    if (!tab) throw new Error('A pane always has a tab.')
    return tab
  }

  function queryOf(tab: Tab): RowQuery {
    return {
      sort: tab.sort,
      filter: tab.filter,
      showHidden: settings.current.showHidden || tab.address.kind === 'image' || tab.address.kind === 'project',
    }
  }

  const sources = tabSources((tab) => void refresh(tab))

  /** Reads a tab's rows anew from where it is. */
  async function load(tab: Tab, focusName?: string): Promise<void> {
    const { address } = tab
    tab.awaitedPath = null
    if (!isListed(address)) return
    await tab.listing.open((signal) => sources.sourceOf(tab, signal), queryOf(tab), {
      focusName,
      onShown: () => (tab.shown = address),
    })
    if (tab.address === address) tab.awaitedPath = null
  }

  /** Gives up waiting for a tab's rows, and goes back to where it was. */
  async function giveUp(tab: Tab): Promise<void> {
    tab.listing.cancel()
    const { back } = tab
    const address = back.at(-1)
    tab.address = address ?? { kind: 'start' }
    tab.back = back.slice(0, -1)
    await load(tab)
  }

  /** Takes a tab somewhere else; where it was goes into its history. */
  async function go(tab: Tab, address: PaneAddress, focusName?: string): Promise<void> {
    leave(tab)
    if (!isSameAddress(tab.address, address)) {
      if (tab.address.kind !== 'start') tab.back = [...tab.back, tab.address].slice(-HISTORY_LIMIT)
      tab.forward = []
    }
    tab.address = address
    tab.filter = ''
    await load(tab, focusName)
  }

  /** Notes the row that the cursor is at, for when one comes back. */
  function leave(tab: Tab): void {
    const { status, cursor } = tab.listing.state
    const name = status === 'ready' ? tab.listing.row(cursor)?.name : undefined
    if (name === undefined) return
    const key = JSON.stringify(tab.address)
    // The latest are the last, and the first are forgotten.
    tab.cursors.delete(key)
    tab.cursors.set(key, name)
    for (const oldest of tab.cursors.keys()) if (tab.cursors.size > HISTORY_LIMIT) tab.cursors.delete(oldest)
  }

  /** Takes a tab to a place of its history, to the row where it was. */
  async function comeTo(tab: Tab, address: PaneAddress): Promise<void> {
    tab.address = address
    tab.filter = ''
    await load(tab, tab.cursors.get(JSON.stringify(address)))
  }

  async function goBack(tab: Tab): Promise<void> {
    const address = tab.back.at(-1)
    if (!address) return
    leave(tab)
    tab.forward = [...tab.forward, tab.address]
    tab.back = tab.back.slice(0, -1)
    await comeTo(tab, address)
  }

  async function goForward(tab: Tab): Promise<void> {
    const address = tab.forward.at(-1)
    if (!address) return
    leave(tab)
    tab.back = [...tab.back, tab.address]
    tab.forward = tab.forward.slice(0, -1)
    await comeTo(tab, address)
  }

  async function refresh(tab: Tab): Promise<void> {
    if (!isListed(tab.address)) return
    if (tab.listing.state.status === 'failed') await load(tab)
    else await tab.listing.refresh(queryOf(tab))
    // A folder that was entered before its own folder was read to the end has another number since: its path stays.
    const { status, error } = tab.listing.state
    if (status === 'failed' && error?.code === 'ENTRY_GONE' && tab.address.kind === 'image') await load(tab)
  }

  /** Looks for something else in a tab that shows results; the rows change in place. */
  async function search(tab: Tab, filter: SearchAddress['filter']): Promise<void> {
    tab.address = { kind: 'search', filter }
    await load(tab)
  }

  async function sortBy(tab: Tab, column: Sorting['column']): Promise<void> {
    const isSame = tab.sort.column === column
    const descending = isSame ? !tab.sort.descending : columnOf(column).descendsFirst === true
    tab.sort = { ...tab.sort, column, descending }
    await tab.listing.refresh(queryOf(tab))
  }

  /** Folders before files, or everything in one order. */
  async function toggleFoldersFirst(tab: Tab): Promise<void> {
    tab.sort = { ...tab.sort, foldersFirst: !tab.sort.foldersFirst }
    await tab.listing.refresh(queryOf(tab))
  }

  async function setFilter(tab: Tab, filter: string): Promise<void> {
    tab.filter = filter
    // What cannot be seen is not meant.
    await tab.listing.selection.clear()
    await tab.listing.refresh(queryOf(tab))
  }

  function addTab(pane: Pane, address: PaneAddress, focusName?: string): Tab {
    // Results come in the order in which they are found: the first ones at once.
    const tab = createTab(address, address.kind === 'search' ? { ...sorting.parse({}), column: 'position' } : undefined)
    const at = pane.tabs.findIndex(({ id }) => id === pane.activeId)
    pane.tabs.splice(at + 1, 0, tab)
    pane.activeId = tab.id
    void load(tab, focusName)
    return tab
  }

  function closeTab(pane: Pane, tab: Tab): void {
    const at = pane.tabs.findIndex(({ id }) => id === tab.id)
    if (at < 0) return
    tab.listing.cancel()
    sources.letGo(tab)
    if (pane.tabs.length === 1) pane.tabs.splice(0, 1, createTab({ kind: 'start' }))
    else pane.tabs.splice(at, 1)
    if (pane.activeId === tab.id) activate(pane, pane.tabs[Math.min(at, pane.tabs.length - 1)] ?? currentTab(pane))
  }

  function activate(pane: Pane, tab: Tab): void {
    pane.activeId = tab.id
    if (tab.listing.state.status === 'idle') void loadWhereItWas(tab)
  }

  function swap(): void {
    const tabs = left.tabs
    const id = left.activeId
    Object.assign(left, { tabs: right.tabs, activeId: right.activeId })
    Object.assign(right, { tabs, activeId: id })
  }

  /** Shows an image: where it is shown already, or in a new tab beside whatever the pane holds. */
  async function openImage(address: ImageAddress, asked?: Pane, focusName?: string): Promise<void> {
    const shown = showing(address, asked ? [asked] : [active.value, other.value])
    if (shown) {
      activate(shown.pane, shown.tab)
      activeSide.value = shown.pane.side
      // To open an image is no reason to leave the folder that is shown of it.
      if (address.path !== '' || focusName !== undefined) await go(shown.tab, address, focusName)
      return
    }
    const pane = asked ?? active.value
    const tab = currentTab(pane)
    if (tab.address.kind === 'start') await go(tab, address, focusName)
    else addTab(pane, address, focusName)
  }

  /** The tab that shows an image already. */
  function showing({ location }: ImageAddress, among: readonly Pane[]): { pane: Pane; tab: Tab } | null {
    const key = locationKey(location)
    for (const pane of among) {
      const tab = pane.tabs.find(({ address }) => address.kind === 'image' && locationKey(address.location) === key)
      if (tab) return { pane, tab }
    }
    return null
  }

  function everyTab(): Tab[] {
    return [...left.tabs, ...right.tabs]
  }

  /** Brings back the tabs of the last start. */
  function restore(kept: unknown): void {
    const state = keptPanes.safeParse(kept)
    if (state.success) {
      for (const pane of [left, right]) {
        const { tabs, active: activeIndex } = state.data[pane.side]
        const live = tabs.filter(({ address }) => isLasting(address))
        if (live.length === 0) continue
        pane.tabs.splice(0, pane.tabs.length, ...live.map(comeBack))
        pane.activeId = (pane.tabs[activeIndex] ?? pane.tabs[0])?.id ?? pane.activeId
      }
      activeSide.value = state.data.active
    }
    isRestored.value = true
    for (const pane of [left, right]) void loadWhereItWas(currentTab(pane))
  }

  /** The rows of a tab that comes back, with the cursor where it was. */
  function loadWhereItWas(tab: Tab): Promise<void> {
    return load(tab, tab.cursors.get(JSON.stringify(tab.address)))
  }

  function kept(): z.input<typeof keptPanes> {
    const paneState = (pane: Pane) => ({
      tabs: pane.tabs.map(keep),
      active: Math.max(
        0,
        pane.tabs.findIndex(({ id }) => id === pane.activeId),
      ),
    })
    return { left: paneState(left), right: paneState(right), active: activeSide.value }
  }

  const watchFolders = (): void => {
    const folders = everyTab().flatMap(({ address }) => (address.kind === 'folder' ? [address.path] : []))
    call('folder.watch', { paths: [...new Set(folders)].slice(0, 64) }).catch(() => undefined)
  }

  let remembering: ReturnType<typeof setTimeout> | undefined
  const remember = (): void => settings.remember('panes', kept())
  watch(
    // Cursors move too often for anything but a note once they stand still.
    () => everyTab().map(({ filter, listing }) => [filter, listing.state.cursor, listing.state.version]),
    () => {
      clearTimeout(remembering)
      if (isRestored.value) remembering = setTimeout(remember, CURSOR_PAUSE_MS)
    },
  )
  watch(
    () => [everyTab().map(({ address, sort }) => [address, sort]), left.activeId, right.activeId, activeSide.value],
    () => {
      if (!isRestored.value) return
      remember()
      watchFolders()
      images.closeUnused(everyTab().flatMap(({ address }) => locationsOf(address)))
    },
    { deep: true },
  )
  watch(
    () => settings.current.showHidden,
    () => {
      for (const tab of everyTab()) if (tab.address.kind === 'folder') void refresh(tab)
    },
  )

  watch(
    () => settings.current.plainKinds.join(),
    () => {
      for (const tab of everyTab()) if (tab.address.kind === 'folder') void refresh(tab)
    },
  )
  watch(
    // Each by itself: a list made anew would differ whenever any setting changes, and selections would be lost.
    [() => settings.current.viewRule, () => settings.current.charset],
    ([, charset], [, charsetBefore]) => {
      if (!isRestored.value) return
      for (const tab of everyTab()) {
        const { address } = tab
        if (address.kind !== 'image' || charset === charsetBefore) continue
        images.forget(address.location)
        // Paths are names too: the old one may not exist under its new name.
        tab.address = { ...address, path: '' }
      }
      loadAgain()
    },
  )

  on('folder.changed', ({ path }) => {
    for (const tab of everyTab()) if (tab.address.kind === 'folder' && tab.address.path === path) void refresh(tab)
  })
  on('image.gone', ({ message }) => {
    for (const { address, listing } of everyTab()) {
      const isOfGone = address.kind === 'image' && images.get(address.location) === null
      if (isOfGone && listing.state.status === 'ready') listing.fail({ code: 'SOURCE_GONE', message })
    }
  })
  const loadAgain = (): void => {
    for (const pane of [left, right]) {
      for (const tab of pane.tabs) {
        const { listing } = tab
        if (tab.id === pane.activeId) void load(tab, listing.row(listing.state.cursor)?.name)
        else listing.state.status = 'idle'
      }
    }
  }
  onNewEngine(() => {
    // It watches nothing yet.
    watchFolders()
    loadAgain()
  })
  on('catalog.failed', loadAgain)
  let lastIndexRefresh = 0
  const refreshing = new Set<Tab>()
  on('image.progress', ({ image, isDone }) => {
    // While a tree grows its rows move: a few times a second is enough to see it.
    const now = Date.now()
    if (!isDone && now - lastIndexRefresh < 400) return
    lastIndexRefresh = now
    for (const pane of [left, right]) {
      const tab = currentTab(pane)
      const isShown = tab.address.kind === 'image' && images.get(tab.address.location)?.image === image
      // Ordering a large folder takes longer than it takes to grow; only the end is not to be missed.
      if (!isShown || tab.listing.isSettled || (refreshing.has(tab) && !isDone)) continue
      refreshing.add(tab)
      void refresh(tab).finally(() => refreshing.delete(tab))
    }
  })

  return {
    left,
    right,
    activeSide,
    active,
    other,
    activeTab,
    otherTab,
    currentTab,
    otherOf,
    load,
    giveUp,
    go,
    goBack,
    goForward,
    refresh,
    resultsOfTab: sources.resultsOfTab,
    search,
    sortBy,
    toggleFoldersFirst,
    setFilter,
    addTab,
    closeTab,
    activate,
    remember,
    swap,
    openImage,
    restore,
  }
})
