import { describe, expect, test } from 'vitest'
import { bucketAt, DISC_SIZE, outlineOf, ringsOf } from '../../../src-renderer/features/pictures/disc-shape'
import { regionAt, regionsOf } from '../../../src-renderer/features/pictures/disc-regions'
import { layOutSizes } from '../../../src-renderer/features/pictures/size-boxes'
import { squarify } from '../../../src-renderer/features/pictures/squarify'
import type { DiscBucket, SizeNode } from '../../../src-shared/contract'

describe('the disc', () => {
  const rings = ringsOf(720)

  test('has every bucket once, the first inside', () => {
    expect(rings.reduce((sum, { count }) => sum + count, 0)).toBe(720)
    expect(rings[0]?.first).toBe(0)
    for (const [index, ring] of rings.entries())
      if (index > 0) expect(ring.first).toBe((rings[index - 1]?.first ?? 0) + (rings[index - 1]?.count ?? 0))
    expect(rings.at(-1)?.outer).toBeLessThan(DISC_SIZE / 2)
  })

  test('finds the bucket under a point that its outline is drawn around', () => {
    for (const bucket of [0, 1, 50, 333, 719]) {
      const ring = rings.find(({ first, count }) => bucket >= first && bucket < first + count)
      if (!ring) throw new Error('no ring')
      const angle = (2 * Math.PI * (bucket - ring.first + 0.5)) / ring.count - Math.PI / 2
      const radius = (ring.inner + ring.outer) / 2
      const at = DISC_SIZE / 2
      expect(bucketAt(rings, at + radius * Math.cos(angle), at + radius * Math.sin(angle))).toBe(bucket)
    }
    expect(bucketAt(rings, DISC_SIZE / 2, DISC_SIZE / 2)).toBeNull()
    expect(bucketAt(rings, 0, 0)).toBeNull()
  })

  test('draws a region over several rings, and a whole ring without an arc of half a circle or more', () => {
    expect(outlineOf(rings, 0, 720).match(/M/g)?.length).toBeGreaterThanOrEqual(rings.length * 3)
    expect(outlineOf(rings, 5, 6).match(/M/g)).toHaveLength(1)
    expect(outlineOf(rings, 5, 5)).toBe('')
  })
})

const bucket = (kind: DiscBucket['kind'], entry: number | null, damagedCount = 0): DiscBucket => ({
  kind,
  fileBytes: entry === null ? 0 : 10,
  fileCount: entry === null ? 0 : 1,
  damagedCount,
  largest: entry === null ? null : { entry, path: `${entry}`, byteLength: 10, status: 'complete', byteOffset: 0 },
})

test('neighbours that are the same are one region', () => {
  const regions = regionsOf([
    bucket('structures', null),
    bucket('files', 1),
    bucket('files', 1),
    bucket('files', 2),
    bucket('files', 2, 1),
    bucket('gap', null),
    bucket('gap', null),
  ])
  expect(regions.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ['structures', 0, 1],
    ['files', 1, 3],
    ['files', 3, 4],
    ['damaged', 4, 5],
    ['gap', 5, 7],
  ])
  expect(regions[1]?.fileBytes).toBe(20)
  expect(regionAt(regions, 2)).toBe(1)
  expect(regionAt(regions, 99)).toBe(-1)
})

describe('squares', () => {
  test('fill the box exactly, in proportion, without overlaps, and are nearly square', () => {
    const weights = [600, 600, 400, 300, 200, 200, 100]
    const boxes = squarify(weights, { x: 0, y: 0, width: 600, height: 400 })
    const total = weights.reduce((sum, one) => sum + one, 0)
    for (const [index, box] of boxes.entries())
      expect(box.width * box.height).toBeCloseTo((240_000 * (weights[index] ?? 0)) / total, 3)
    for (const [index, a] of boxes.entries())
      for (const b of boxes.slice(index + 1)) {
        const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
        const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
        expect(width > 1e-6 && height > 1e-6).toBe(false)
      }
    for (const { width, height } of boxes) expect(Math.max(width / height, height / width)).toBeLessThan(3)
  })

  test('of nothing are empty', () => {
    expect(squarify([], { x: 0, y: 0, width: 10, height: 10 })).toEqual([])
    expect(squarify([0, 0], { x: 0, y: 0, width: 10, height: 10 })).toHaveLength(2)
  })

  test('of children lie within their parents', () => {
    const node = (entry: number, parent: number, kind: SizeNode['kind'], byteLength: number): SizeNode => ({
      entry,
      parent,
      name: `${entry}`,
      kind,
      byteLength,
      fileCount: 1,
    })
    const nodes = [
      node(1, -1, 'directory', 900),
      node(2, -1, 'file', 100),
      node(3, 0, 'file', 500),
      node(4, 0, 'file', 400),
    ]
    const boxes = layOutSizes(nodes, 500, 300)
    expect(boxes).toHaveLength(4)
    const parent = boxes.find(({ index }) => index === 0)
    for (const box of boxes.filter(({ depth }) => depth === 1)) {
      expect(box.x).toBeGreaterThanOrEqual(parent?.x ?? Infinity)
      expect(box.y + box.height).toBeLessThanOrEqual((parent?.y ?? 0) + (parent?.height ?? 0))
    }
  })
})
