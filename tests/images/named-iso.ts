import { buildIso, concat, nm, px, sl, SP, use } from './iso-builder'

/** A folder's items by their names, whatever those hold: folders, contents of files, or links. */
export interface NamedTree {
  [name: string]: NamedTree | string | Uint8Array | SymbolicLink
}

class SymbolicLink {
  constructor(readonly target: string) {}
}

/** A symlink, its target recorded component by component as IEEE P1282 has it. */
export const linkTo = (target: string): SymbolicLink => new SymbolicLink(target)

const FILE = 0o100644
const LINK = 0o120777
const DIRECTORY = 0o040755

/** A small Rock Ridge image of a tree. @param day of September 2020 that every entry was changed on */
export function namedIso(tree: NamedTree, volumeId = 'NAMED', day = 1): Uint8Array {
  let number = 0
  const time = use('TF', [2], [120, 9, day, 3, 4, 5, 0])
  const nodes = (folder: NamedTree): Parameters<typeof buildIso>[0] =>
    Object.entries(folder).map(([name, item]) => {
      // In order, as ECMA-119 9.3 wants records.
      const identifier = `F${String(++number).padStart(5, '0')}`
      if (item instanceof SymbolicLink) {
        const record = concat(px(LINK), time, nm(name), sl(components(item.target)))
        return { name: `${identifier};1`, data: '', use: record }
      }
      const isFolder = typeof item === 'object' && !(item instanceof Uint8Array)
      const record = concat(px(isFolder ? DIRECTORY : FILE), time, nm(name))
      return isFolder
        ? { name: identifier, children: nodes(item), use: record }
        : { name: `${identifier};1`, data: item, use: record }
    })
  return buildIso(nodes(tree), { rootUse: concat(SP, px(DIRECTORY, 2)), volumeId }).bytes
}

/** Flags of the components: 2 is `.`, 4 is `..`, 8 the root. */
function components(target: string): [number, string][] {
  const names = target.startsWith('/') ? ['/', ...target.slice(1).split('/')] : target.split('/')
  return names.map((name) => (name === '/' ? [8, ''] : name === '..' ? [4, ''] : name === '.' ? [2, ''] : [0, name]))
}
