import { imageAddress } from './actions'
import { placeName, whereOf } from './place-commands'
import { usePanes } from '../data/stores/panes'
import { usePlaces } from '../data/stores/places'
import { useRecents } from '../data/stores/recents'
import type { MenuName } from './command'

/** A menu inside of a menu whose lines are things of this person, not commands; its name is `menu.<id>`. */
export interface MenuList {
  id: 'openRecent' | 'favourites'
  menu: MenuName
  /** The command that it stands below. */
  after: string
  /** Asked when the menu opens. */
  load?(): Promise<void>
  items(): { key: string; name: string; title: string; run(): unknown }[]
}

export const MENU_LISTS: readonly MenuList[] = [
  {
    id: 'openRecent',
    menu: 'file',
    after: 'open',
    load: () => useRecents().load(),
    items: () =>
      useRecents().images.map(({ id, name, path }) => ({
        key: String(id),
        name,
        title: path,
        run: () => usePanes().openImage(imageAddress({ kind: 'path', path, inside: [] })),
      })),
  },
  {
    id: 'favourites',
    menu: 'go',
    after: 'favourite',
    items: () =>
      usePlaces().favourites.map((address) => ({
        key: JSON.stringify(address),
        name: placeName(address),
        title: whereOf(address),
        run: () => usePanes().go(usePanes().activeTab, address),
      })),
  },
]
