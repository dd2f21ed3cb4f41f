import { t } from '../base/locales'
import { imageName, isListed, type PaneAddress } from '../data/rows/address'
import { nameOf, shortPath } from '../data/rows/names'
import { useDialogs } from '../data/stores/dialogs'
import { usePanes } from '../data/stores/panes'
import { usePlaces } from '../data/stores/places'
import { useToasts } from '../data/stores/toasts'
import type { Command } from './command'

/** Places that one comes back to. */
export function createPlaceCommands(): Command[] {
  const panes = usePanes()
  const address = (): PaneAddress => panes.activeTab.address
  return [
    {
      id: 'favourite',
      menu: 'go',
      keys: ['Mod+D'],
      startsSection: true,
      isEnabled: () => isListed(address()) && address().kind !== 'project',
      whyNot: () => t(address().kind === 'project' ? 'project.noFavourite' : 'error.emptyHere'),
      isOn: () => usePlaces().isFavourite(address()),
      run: () => toggleFavourite(address()),
    },
    {
      id: 'places',
      menu: 'go',
      keys: ['Mod+Shift+H'],
      run: () => useDialogs().show({ kind: 'places' }),
    },
  ]
}

function toggleFavourite(address: PaneAddress): void {
  const isNew = usePlaces().toggleFavourite(address)
  const key = isNew ? 'places.added' : 'places.removed'
  useToasts().show({ tone: 'plain', title: t(key, { name: nameOf(address) }) })
}

/** Where a place is, in one line, beside its name. */
export function whereOf(address: PaneAddress): string {
  if (address.kind === 'folder') return shortPath(address.path)
  if (address.kind !== 'image') return ''
  const { location, path } = address
  return [shortPath(location.path), ...location.inside.map((step) => step.path), path].filter(Boolean).join(' › ')
}

/** What a place is called: of a folder in an image, with the image. */
export function placeName(address: PaneAddress): string {
  if (address.kind !== 'image' || address.path === '') return nameOf(address)
  return `${imageName(address.location)} › ${address.path.replaceAll('/', ' › ')}`
}
