import type { SizeNode } from '../../../src-shared/contract'
import { squarify, type Box } from './squarify'

export interface SizeBox extends Box {
  /** The node's place in the engine's list. */
  index: number
  node: SizeNode
  depth: number
  /** Room for a name. */
  hasLabel: boolean
}

/** A directory's own name stands above what is in it. */
const HEADER = 20
const PADDING = 2
const LABEL_WIDTH = 44
const LABEL_HEIGHT = 18
/** Narrower than this nothing can be seen or hit. */
const SMALLEST = 3
/** A directory smaller than this is one box, whatever is in it. */
const SMALLEST_PARENT = 48

/** Lays the picture of sizes out in a box, parents before children, in pixels. */
export function layOutSizes(nodes: readonly SizeNode[], width: number, height: number): SizeBox[] {
  const children = new Map<number, number[]>()
  for (const [index, { parent }] of nodes.entries()) children.set(parent, [...(children.get(parent) ?? []), index])
  const boxes: SizeBox[] = []
  const lay = (parent: number, box: Box, depth: number): void => {
    const within = (children.get(parent) ?? []).sort(
      (a, b) => (nodes[b]?.byteLength ?? 0) - (nodes[a]?.byteLength ?? 0),
    )
    const weights = within.map((index) => nodes[index]?.byteLength ?? 0)
    for (const [place, one] of squarify(weights, box).entries()) {
      const index = within[place] ?? -1
      const node = nodes[index]
      if (!node || one.width < SMALLEST || one.height < SMALLEST) continue
      const hasLabel = one.width >= LABEL_WIDTH && one.height >= LABEL_HEIGHT
      boxes.push({ ...one, index, node, depth, hasLabel })
      if (!children.has(index) || one.width < SMALLEST_PARENT || one.height < SMALLEST_PARENT) continue
      const inner = {
        x: one.x + PADDING,
        y: one.y + HEADER,
        width: one.width - 2 * PADDING,
        height: one.height - HEADER - PADDING,
      }
      lay(index, inner, depth + 1)
    }
  }
  lay(-1, { x: 0, y: 0, width, height }, 0)
  return boxes
}
