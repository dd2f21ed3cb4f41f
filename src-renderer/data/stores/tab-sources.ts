import { IsoldeError, type ErrorCode, type ResultSorting } from '../../../src-shared/contract'
import { imageKindOf } from '../../../src-shared/model'
import { isListed, type ImageAddress, type SearchAddress } from '../rows/address'
import { findPath } from '../rows/find-path'
import { firstView } from '../rows/first-view'
import { folderSource, imageSource, type RowSource } from '../rows/row-source'
import { projectSource } from '../rows/project-source'
import { searchSource, sortOfResults, type ResultSource } from '../rows/search-source'
import { useImages } from './images'
import { useProjects } from './projects'
import { useSettings } from './settings'
import type { Tab } from './tabs'

/** Errors that mean: the engine knows this image no more, ask it to open it again. */
const STALE: readonly ErrorCode[] = ['ENTRY_GONE', 'IMAGE_CLOSED', 'ENGINE_GONE']

export interface TabSources {
  /** Where the rows come from of what a tab is at. */
  sourceOf: (tab: Tab, signal: AbortSignal) => Promise<RowSource>
  /** The search behind a tab's rows, and their order, for whoever exports them. */
  resultsOfTab: (tab: Tab) => { search: number; sort: ResultSorting }
  /** The tab is closed: the engine need not keep its results. */
  letGo: (tab: Tab) => void
}

/** Where the rows of tabs come from. @param onGrown told when a search has found more for the rows of a tab */
export function tabSources(onGrown: (tab: Tab) => void): TabSources {
  const images = useImages()
  const settings = useSettings()
  const projects = useProjects()

  function isPlain(name: string): boolean {
    const kind = imageKindOf(name)
    return kind !== null && settings.current.plainKinds.includes(kind)
  }

  async function sourceOf(tab: Tab, signal: AbortSignal): Promise<RowSource> {
    const { address } = tab
    if (!isListed(address)) throw new IsoldeError('INTERNAL', 'There is nothing to list here.')
    if (address.kind === 'search') return resultsOf(tab, address, signal)
    if (address.kind === 'project') {
      await projects.load(address.project)
      return projectSource(address)
    }
    if (address.kind === 'folder') return folderSource(address.path, isPlain, address.isDeep)
    try {
      return await openedSource(tab, address, signal)
    } catch (error) {
      if (!(error instanceof IsoldeError) || !STALE.includes(error.code)) throw error
      images.forget(address.location)
      return openedSource(tab, address, signal)
    }
  }

  /** The results that each tab shows; the engine keeps them until they are let go. */
  const results = new Map<number, ResultSource>()

  function resultsOfTab(tab: Tab): { search: number; sort: ResultSorting } {
    const search = results.get(tab.id)?.search ?? null
    if (search === null) throw new IsoldeError('ENTRY_GONE', 'There is nothing that was found.')
    return { search, sort: sortOfResults(tab.sort) }
  }

  async function resultsOf(tab: Tab, address: SearchAddress, signal: AbortSignal): Promise<RowSource> {
    const source = await searchSource(address.filter, () => {
      if (tab.address === address) onGrown(tab)
    })
    // Looked for something else meanwhile, or closed: nobody is going to ask for these.
    if (signal.aborted) {
      source.close()
      signal.throwIfAborted()
    }
    results.get(tab.id)?.close()
    results.set(tab.id, source)
    return source
  }

  async function openedSource(tab: Tab, address: ImageAddress, signal: AbortSignal): Promise<RowSource> {
    const opened = await images.open(address.location, signal)
    const view = address.view ?? firstView(opened.info, settings.current.viewRule)
    let directory = 0
    if (address.path !== '') {
      const details = await findPath(address, view, signal, () => {
        if (tab.address === address) tab.awaitedPath = address.path
      })
      if (details.kind !== 'directory') throw new IsoldeError('NOT_A_FOLDER', `“${address.path}” is not a folder.`)
      directory = details.entry
    }
    if (tab.address === address) Object.assign(tab, { view, directory })
    return imageSource(opened, view, directory, address.isDeep)
  }

  function letGo(tab: Tab): void {
    results.get(tab.id)?.close()
    results.delete(tab.id)
  }

  return { sourceOf, resultsOfTab, letGo }
}
