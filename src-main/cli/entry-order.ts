import type { EntryTable } from '../engine'

/** Visits the entries below `root`: parents first, siblings by the UTF-8 bytes of their names, as the reader orders them. */
export function visitInOrder(table: EntryTable, root: number, visit: (index: number, path: string) => void): void {
  const stack: { at: number; end: number; prefix: string }[] = []
  const enter = (index: number, path: string): void => {
    const at = table.firstChildOf(index)
    stack.push({ at, end: at + table.childCountOf(index), prefix: path === '' ? '' : `${path}/` })
  }
  enter(root, table.pathOf(root))
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (top.at === top.end) {
      stack.pop()
      continue
    }
    const index = top.at++
    const path = top.prefix + table.nameOf(index)
    visit(index, path)
    if (table.childCountOf(index) > 0) enter(index, path)
  }
}
