import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { call, on } from '../api'
import type { RowKey } from '../rows/row-source'
import type { ProjectAddress } from '../rows/address'
import { useImages } from './images'
import { useProjects } from './projects'
import type { Tab } from './tabs'

export interface FolderSize {
  byteLength: number
  fileCount: number
}

/** Directories that one question to the engine may name. */
const AT_ONCE = 1000
const KEPT = 20_000

/** Sizes of folders that somebody asked for: they cost a look at everything in them, so nobody else pays for them. */
export const useFolderSizes = defineStore('folder-sizes', () => {
  const sizes = shallowReactive(new Map<string, FolderSize | 'waiting'>())
  const images = useImages()
  const projects = useProjects()

  function placeOf(tab: Tab): string | null {
    const { address } = tab
    if (address.kind === 'folder') return 'folder'
    // Another version has other numbers.
    if (address.kind === 'project') return `project/${address.project}/${projects.get(address.project)?.version ?? 0}`
    const opened = address.kind === 'image' ? images.get(address.location) : null
    return opened && tab.view !== null ? `${opened.image}/${opened.generation}/${tab.view}` : null
  }

  /** What is known of a folder that a tab shows. */
  function of(tab: Tab, key: RowKey): FolderSize | 'waiting' | undefined {
    if (sizes.size === 0) return undefined
    const place = placeOf(tab)
    return place === null ? undefined : sizes.get(`${place}/${key}`)
  }

  /** Works out the sizes of folders of a tab. What fails is left as it was, and the error thrown. */
  async function measure(tab: Tab, keys: readonly RowKey[]): Promise<void> {
    const place = placeOf(tab)
    if (place === null) return
    if (sizes.size > KEPT) sizes.clear()
    for (const key of keys) sizes.set(`${place}/${key}`, 'waiting')
    try {
      const { address } = tab
      if (address.kind === 'folder') await measureFolders(place, keys)
      else if (address.kind === 'project') await measureInProject(place, address, keys)
      else await measureEntries(tab, place, keys)
    } finally {
      for (const key of keys) if (sizes.get(`${place}/${key}`) === 'waiting') sizes.delete(`${place}/${key}`)
    }
  }

  async function measureFolders(place: string, keys: readonly RowKey[]): Promise<void> {
    for (const key of keys) {
      if (typeof key !== 'string') continue
      const { byteLength, fileCount } = await call('folder.size', { path: key })
      sizes.set(`${place}/${key}`, { byteLength, fileCount })
    }
  }

  async function measureInProject(place: string, at: ProjectAddress, keys: readonly RowKey[]): Promise<void> {
    const { project, path } = at
    for (const key of keys)
      if (typeof key === 'number')
        sizes.set(`${place}/${key}`, await call('project.contents', { project, path, entries: [key] }))
  }

  async function measureEntries(tab: Tab, place: string, keys: readonly RowKey[]): Promise<void> {
    const opened = tab.address.kind === 'image' ? images.get(tab.address.location) : null
    if (!opened || tab.view === null) return
    const entries = keys.filter((key) => typeof key === 'number')
    const { image, generation } = opened
    const { view } = tab
    for (let at = 0; at < entries.length; at += AT_ONCE) {
      const directories = entries.slice(at, at + AT_ONCE)
      const answer = await call('image.folderSizes', { image, generation, view, directories })
      for (const { entry, byteLength, fileCount } of answer.sizes)
        sizes.set(`${place}/${entry}`, { byteLength, fileCount })
    }
  }

  on('folder.changed', ({ path }) => {
    for (const key of sizes.keys())
      if (key.startsWith('folder/') && (`folder/${path}`.startsWith(key) || key.startsWith(`folder/${path}`)))
        sizes.delete(key)
  })

  return { of, measure }
})
