import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { call } from '../../data/api'
import { entriesOf } from '../../commands/meant'
import { isDeepAddress, type ProjectAddress } from '../../data/rows/address'
import { useFolderSizes } from '../../data/stores/folder-sizes'
import { useImages } from '../../data/stores/images'
import type { Tab } from '../../data/stores/panes'
import { useProjects } from '../../data/stores/projects'

export interface Contents {
  byteLength: number
  fileCount: number
}

/** A selection that still changes is not worth a question. */
const PAUSE_MS = 120
/** Of larger images it would hold up the rows themselves; “Properties” counts those when it is asked. */
const COUNTED_AT_MOST = 300_000
/** Rows of a folder that are looked at for sizes that are known. */
const LOOKED_AT = 2000

/**
 * What a tab's selection holds with everything in its folders; without one what an image holds as a whole, at its root, or
 * a folder of an image that is put together. Null where nothing more is known than the rows say.
 */
export function useContents(tab: () => Tab): Ref<Contents | null> {
  const contents = shallowRef<Contents | null>(null)
  const folderSizes = useFolderSizes()
  const projects = useProjects()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = new AbortController()

  async function ask({ address, view, directory, listing, filter }: Tab): Promise<Contents | null> {
    if (address.kind === 'project') return askProject(address, listing.selection.count, filter)
    const opened = address.kind === 'image' ? useImages().get(address.location) : null
    if (!opened || view === null || listing.state.status !== 'ready') return null
    const { entryCount } = opened.info.views.find(({ id }) => id === view) ?? { entryCount: null }
    if (entryCount === null || entryCount > COUNTED_AT_MOST) return null
    const selected = listing.selection.count
    if (selected === 0 && (directory !== 0 || filter !== '' || isDeepAddress(address))) return null
    const { image, generation } = opened
    const entries = selected === 0 ? [0] : entriesOf(tab())
    return call('image.contents', { image, generation, view, entries }, { signal: asking.signal })
  }

  /** Of a project the tree is in memory: every folder says what it holds. */
  async function askProject(at: ProjectAddress, selected: number, filter: string): Promise<Contents | null> {
    if (selected === 0 && filter !== '') return null
    const { project, path } = at
    const entries = selected === 0 ? null : entriesOf(tab())
    return call('project.contents', { project, path, entries }, { signal: asking.signal })
  }

  /** Of folders of this computer only those whose size somebody asked for are known. */
  function known({ listing }: Tab): Contents | null {
    const sum: Contents = { byteLength: listing.selection.state.byteTotal, fileCount: 0 }
    let folders = 0
    for (const row of listing.loaded().slice(0, LOOKED_AT)) {
      if (!listing.selection.has(row.key)) continue
      if (row.kind !== 'directory') {
        sum.fileCount++
        continue
      }
      const size = folderSizes.of(tab(), row.key)
      if (size === undefined || size === 'waiting') return null
      folders++
      sum.byteLength += size.byteLength
      sum.fileCount += size.fileCount
    }
    return folders > 0 ? sum : null
  }

  watch(
    () => {
      const { address, view, directory, listing, filter } = tab()
      const { status, isComplete, total } = listing.state
      const { version } = listing.selection.state
      const sizes = address.kind === 'folder' && version >= 0 ? known(tab()) : null
      const project = address.kind === 'project' ? projects.get(address.project)?.version : 0
      return [address, view, directory, filter, status, isComplete, total, version, sizes?.byteLength, project] as const
    },
    () => {
      clearTimeout(timer)
      asking.abort()
      asking = new AbortController()
      const { signal } = asking
      contents.value = tab().address.kind === 'folder' ? known(tab()) : null
      if (tab().address.kind !== 'image' && tab().address.kind !== 'project') return
      timer = setTimeout(() => {
        // A count is a kindness: what the rows say stands there all the same.
        void ask(tab())
          .catch(() => null)
          .then((answer) => {
            if (!signal.aborted) contents.value = answer
          })
      }, PAUSE_MS)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    asking.abort()
  })
  return contents
}
