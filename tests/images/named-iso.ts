import { buildIso, concat, nm, px, SP, use } from './iso-builder'

/** A folder's items by their names, whatever those hold: folders, or contents of files. */
export interface NamedTree {
  [name: string]: NamedTree | string | Uint8Array
}

const FILE = 0o100644
const DIRECTORY = 0o040755

/** A small Rock Ridge image of a tree. @param day of September 2020 that every entry was changed on */
export function namedIso(tree: NamedTree, volumeId = 'NAMED', day = 1): Uint8Array {
  let number = 0
  const time = use('TF', [2], [120, 9, day, 3, 4, 5, 0])
  const nodes = (folder: NamedTree): Parameters<typeof buildIso>[0] =>
    Object.entries(folder).map(([name, item]) => {
      number++
      const isFolder = typeof item === 'object' && !(item instanceof Uint8Array)
      const identifier = isFolder ? `D${number}` : `F${number};1`
      const record = concat(px(isFolder ? DIRECTORY : FILE), time, nm(name))
      return isFolder
        ? { name: identifier, children: nodes(item), use: record }
        : { name: identifier, data: item, use: record }
    })
  return buildIso(nodes(tree), { rootUse: concat(SP, px(DIRECTORY, 2)), volumeId }).bytes
}
