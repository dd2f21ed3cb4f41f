/** The disc as it is drawn, in a square of this many units; what comes first on a disc lies inside, as on a real one. */
export const DISC_SIZE = 320
const CENTRE = DISC_SIZE / 2
const INNERMOST = 46
const OUTERMOST = 156
const RINGS = 9
const RING_GAP = 2
/** A sector is never drawn as more than half a circle, which an arc cannot say without doubt. */
const WIDEST = Math.PI * 0.9

interface Ring {
  inner: number
  outer: number
  /** The first bucket in it, and how many there are. */
  first: number
  count: number
}

/** Spreads buckets over the rings so that all are about equally long. */
export function ringsOf(bucketCount: number): Ring[] {
  const step = (OUTERMOST - INNERMOST) / RINGS
  const radius = (ring: number): number => INNERMOST + (ring + 0.5) * step
  const total = Array.from({ length: RINGS }, (_, ring) => radius(ring)).reduce((sum, one) => sum + one, 0)
  const rings: Ring[] = []
  let first = 0
  let share = 0
  for (let ring = 0; ring < RINGS; ring++) {
    share += radius(ring)
    const end = Math.round((bucketCount * share) / total)
    const inner = INNERMOST + ring * step
    rings.push({ inner, outer: inner + step - RING_GAP, first, count: end - first })
    first = end
  }
  return rings
}

/** The outline of the buckets `[from, to)`, as the `d` of an SVG path. */
export function outlineOf(rings: readonly Ring[], from: number, to: number): string {
  const parts: string[] = []
  for (const { inner, outer, first, count } of rings) {
    const start = Math.max(from, first)
    const end = Math.min(to, first + count)
    if (start >= end) continue
    const angle = (bucket: number): number => (2 * Math.PI * (bucket - first)) / count - Math.PI / 2
    const last = angle(end)
    for (let at = angle(start); at < last - 1e-9; at += WIDEST)
      parts.push(sector(inner, outer, at, Math.min(last, at + WIDEST)))
  }
  return parts.join('')
}

/** The bucket at a point of the drawing; null beside the disc. */
export function bucketAt(rings: readonly Ring[], x: number, y: number): number | null {
  const radius = Math.hypot(x - CENTRE, y - CENTRE)
  const ring = rings.find(({ inner, outer }) => radius >= inner && radius <= outer + RING_GAP)
  if (!ring || ring.count === 0) return null
  const turn = (Math.atan2(y - CENTRE, x - CENTRE) + Math.PI / 2 + 2 * Math.PI) % (2 * Math.PI)
  return ring.first + Math.min(ring.count - 1, Math.floor((turn / (2 * Math.PI)) * ring.count))
}

function sector(inner: number, outer: number, from: number, to: number): string {
  const point = (radius: number, angle: number): string =>
    `${(CENTRE + radius * Math.cos(angle)).toFixed(2)} ${(CENTRE + radius * Math.sin(angle)).toFixed(2)}`
  return (
    `M${point(inner, from)}L${point(outer, from)}A${outer} ${outer} 0 0 1 ${point(outer, to)}` +
    `L${point(inner, to)}A${inner} ${inner} 0 0 0 ${point(inner, from)}Z`
  )
}
