export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/**
 * Divides a box into one for each weight, in their order, each as near to a square as that allows (Bruls, Huizing and
 * van Wijk: rows are filled along the shorter side for as long as that makes their boxes squarer).
 * @param weights largest first, none negative
 */
export function squarify(weights: readonly number[], box: Box): Box[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total <= 0) return weights.map(() => ({ x: box.x, y: box.y, width: 0, height: 0 }))
  const areas = weights.map((weight) => (weight * box.width * box.height) / total)
  const boxes: Box[] = []
  let left = { ...box }
  let at = 0
  while (at < areas.length) {
    const side = Math.min(left.width, left.height)
    let end = at + 1
    let sum = areas[at] ?? 0
    while (
      end < areas.length &&
      worst(areas, at, end + 1, sum + (areas[end] ?? 0), side) <= worst(areas, at, end, sum, side)
    )
      sum += areas[end++] ?? 0
    left = layRow(areas.slice(at, end), sum, left, boxes)
    at = end
  }
  return boxes
}

/** How far the least square of a row's boxes is from being one; 1 is a square. */
function worst(areas: readonly number[], from: number, end: number, sum: number, side: number): number {
  const largest = areas[from] ?? 0
  const smallest = areas[end - 1] ?? 0
  if (sum <= 0 || smallest <= 0 || side <= 0) return Infinity
  return Math.max((side * side * largest) / (sum * sum), (sum * sum) / (side * side * smallest))
}

/** @returns what is left of the box */
function layRow(areas: readonly number[], sum: number, box: Box, boxes: Box[]): Box {
  const isUpright = box.width >= box.height
  const side = isUpright ? box.height : box.width
  const thickness = side > 0 ? sum / side : 0
  let offset = 0
  for (const area of areas) {
    const length = sum > 0 ? (area / sum) * side : 0
    boxes.push(
      isUpright
        ? { x: box.x, y: box.y + offset, width: thickness, height: length }
        : { x: box.x + offset, y: box.y, width: length, height: thickness },
    )
    offset += length
  }
  return isUpright
    ? { x: box.x + thickness, y: box.y, width: box.width - thickness, height: box.height }
    : { x: box.x, y: box.y + thickness, width: box.width, height: box.height - thickness }
}
