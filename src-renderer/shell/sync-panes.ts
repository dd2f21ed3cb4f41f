import { watch } from 'vue'
import { call } from '../data/api'
import { folderAround, lastPart, locationKey, type PaneAddress } from '../data/rows/address'
import { useEngine } from '../data/stores/engine'
import { useImages } from '../data/stores/images'
import { useLayout } from '../data/stores/layout'
import { usePanes, type Tab } from '../data/stores/panes'

/** While it is wanted, the other pane goes the way that the active one goes, as far as it has the same folders. */
export function keepInStep(): void {
  const panes = usePanes()
  watch(
    () => ({ tab: panes.activeTab.id, address: panes.activeTab.address }),
    (now, before) => {
      if (!useLayout().isSynced || now.tab !== before.tab || now.address === before.address) return
      const names = wayFrom(before.address, now.address)
      if (names) void follow(panes.otherTab, names).catch(() => undefined)
    },
  )
}

/** Steps from one folder to another: names to go into, `..` to go up; null where it is no such way. */
export function wayFrom(from: PaneAddress, to: PaneAddress): string[] | null {
  const isSamePlace =
    (from.kind === 'folder' && to.kind === 'folder') ||
    (from.kind === 'image' && to.kind === 'image' && locationKey(from.location) === locationKey(to.location))
  if (!isSamePlace || from.isDeep || to.isDeep) return null
  const [before, after] = [partsOf(from.path), partsOf(to.path)]
  let common = 0
  while (common < before.length && before[common] === after[common]) common++
  // One way or the other: a leap elsewhere is not followed.
  if (common !== before.length && common !== after.length) return null
  return [...before.slice(common).map(() => '..'), ...after.slice(common)]
}

const partsOf = (path: string): string[] => path.split(/[/\\]/).filter((part) => part !== '')

async function follow(tab: Tab, names: readonly string[]): Promise<void> {
  const { address } = tab
  if ((address.kind !== 'folder' && address.kind !== 'image') || names.length === 0 || address.isDeep) return
  let { path } = address
  for (const name of names) path = name === '..' ? up(address, path) : down(address, path, name)
  if (path === address.path || !(await isThere(tab, path)) || tab.address !== address) return
  const isUp = names.at(-1) === '..'
  await usePanes().go(tab, { ...address, path }, isUp ? lastPart(address.path) : undefined)
}

function up(address: PaneAddress, path: string): string {
  if (address.kind === 'folder') return folderAround(path)
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
}

function down(address: PaneAddress, path: string, name: string): string {
  if (address.kind === 'image') return path === '' ? name : `${path}/${name}`
  const { separator } = useEngine()
  return path.endsWith(separator) ? path + name : path + separator + name
}

async function isThere({ address, view }: Tab, path: string): Promise<boolean> {
  if (address.kind === 'folder') return (await call('folder.stat', { path })).kind === 'directory'
  const opened = address.kind === 'image' ? useImages().get(address.location) : null
  if (!opened || view === null) return false
  const { image, generation } = opened
  return path === '' || (await call('entry.resolve', { image, generation, view, path })).kind === 'directory'
}
