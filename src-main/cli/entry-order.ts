import type { EntryTable } from '../engine'

/** Compares by the bytes of UTF-8, which is the order of code points; UTF-16 differs where surrogates come in. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above every other UTF-16 unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** Visits the entries below `root`: parents first, siblings by the UTF-8 bytes of their names. */
export function visitInOrder(table: EntryTable, root: number, visit: (index: number, path: string) => void): void {
  const stack: { children: Uint32Array; at: number; prefix: string }[] = []
  const enter = (index: number, path: string): void => {
    stack.push({ children: sortedChildren(table, index), at: 0, prefix: path === '' ? '' : `${path}/` })
  }
  enter(root, table.pathOf(root))
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const index = top.children[top.at++]
    if (index === undefined) {
      stack.pop()
      continue
    }
    const path = top.prefix + table.nameOf(index)
    visit(index, path)
    if (table.childCountOf(index) > 0) enter(index, path)
  }
}

function sortedChildren(table: EntryTable, directory: number): Uint32Array {
  const first = table.firstChildOf(directory)
  const count = table.childCountOf(directory)
  const children = new Uint32Array(count)
  const names: string[] = []
  let isSorted = true
  for (let i = 0; i < count; i++) {
    children[i] = first + i
    const name = table.nameOf(first + i)
    if (isSorted && i > 0 && compareUtf8(names[i - 1] ?? '', name) > 0) isSorted = false
    names.push(name)
  }
  // Most images record their directories in order, or nearly.
  return isSorted ? children : children.sort((a, b) => compareUtf8(names[a - first] ?? '', names[b - first] ?? ''))
}
