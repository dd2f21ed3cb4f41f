import { worded } from '../errors'
import { call } from '../api'
import { locationKey } from './address'
import type { RowKey } from './row-source'
import { useImages } from '../stores/images'
import { usePanes } from '../stores/panes'
import type { OpenedImage, SearchHit, Settings } from '../../../src-shared/contract'
import { t } from '../../base/locales'
import { locationOf, readKey, type HitKey } from './hit-key'

/** Goes to a hit: to its folder in its image, wherever that is shown already. */
export async function showHit(hit: SearchHit): Promise<void> {
  const panes = usePanes()
  const cut = hit.path.lastIndexOf('/')
  const isFolder = hit.kind === 'directory'
  const path = isFolder ? hit.path : cut < 0 ? '' : hit.path.slice(0, cut)
  const location = locationOf(hit)
  const address = { kind: 'image' as const, location, view: hit.view, path }
  const known = [panes.left, panes.right].find((pane) => {
    const shown = panes.currentTab(pane).address
    return shown.kind === 'image' && locationKey(shown.location) === locationKey(location)
  })
  const focusName = isFolder ? undefined : hit.name
  if (known) {
    panes.activeSide = known.side
    await panes.go(panes.currentTab(known), address, focusName)
  } else await panes.openImage(address, panes.active, focusName)
}

/** Opens the image of a hit. @throws {IsoldeError} `ENTRY_GONE` where it has changed since it was searched */
export async function openImageOfHit(hit: HitKey | SearchHit): Promise<OpenedImage> {
  const opened = await useImages().open('location' in hit ? hit.location : locationOf(hit))
  if (opened.generation !== hit.generation) throw worded('ENTRY_GONE', t('search.changed'))
  return opened
}

/** Extracts found entries, one job for each image they are in. */
export async function extractHits(
  keys: readonly RowKey[],
  destination: string,
  conflicts: Settings['conflictPolicy'],
): Promise<void> {
  const groups = new Map<string, { first: HitKey; entries: number[] }>()
  for (const key of keys) {
    const hit = readKey(key)
    if (!hit) continue
    const name = JSON.stringify([hit.location, hit.view])
    const group = groups.get(name) ?? { first: hit, entries: [] }
    group.entries.push(hit.entry)
    groups.set(name, group)
  }
  for (const { first, entries } of groups.values()) {
    const { image, generation } = await openImageOfHit(first)
    await call('job.start', {
      kind: 'extract',
      spec: { image, generation, view: first.view, entries, destination, conflicts },
    })
  }
}
