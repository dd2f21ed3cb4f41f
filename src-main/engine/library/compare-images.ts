import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {
  connect,
  EntryWriter,
  findView,
  HashStore,
  ImageStore,
  locationKey,
  migrate,
  MIGRATIONS,
  TreeComparison,
  type ComparisonCounts,
  type ComparisonRow,
  type Connection,
  type HashAlgorithm,
} from '../../catalog'
import type { ImageView } from '../../image'
import { ContentHasher } from '../../jobs/kinds/from-image/content-hasher'
import type { OpenedLocation } from '../images'

/** One side of a comparison. */
export interface ComparedTree {
  opened: OpenedLocation
  view: ImageView
}

const ROWS_AT_ONCE = 1000

/**
 * Compares two trees by themselves, for the command line: in a catalog of their own that goes afterwards.
 * @param content compares files of one size by their hashes too
 * @param onRow each difference, in the order of the tree
 */
export async function compareImages(
  left: ComparedTree,
  right: ComparedTree,
  content: HashAlgorithm | null,
  onRow: (row: ComparisonRow) => void,
): Promise<ComparisonCounts> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-compare-'))
  const file = path.join(folder, 'catalog.sqlite')
  try {
    migrate(file, MIGRATIONS)
    const database = connect(file, 'write')
    try {
      const leftView = await store(database, left, 'left')
      const rightView = await store(database, right, 'right')
      const compare = () => new TreeComparison(database, leftView, rightView, content).run()
      let found = await compare()
      if (content && found.candidates.left.length > 0) {
        await hash(database, left, leftView, found.candidates.left, content)
        await hash(database, right, rightView, found.candidates.right, content)
        found = await compare()
      }
      for (let offset = 0; offset < found.length; offset += ROWS_AT_ONCE)
        for (const row of found.rows(offset, ROWS_AT_ONCE)) onRow(row)
      return found.counts
    } finally {
      database.close()
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns the number of the view in the catalog */
async function store(database: Connection, { opened, view }: ComparedTree, side: string): Promise<number> {
  const table = await view.readTree()
  const key = {
    location: locationKey('path', side, []),
    path: side,
    byteLength: opened.file.byteLength,
    modified: null,
    fingerprint: new Uint8Array(16),
    charset: null,
  }
  const { id, generation } = new ImageStore(database).remember(key, opened.image.info, 0)
  const writer = new EntryWriter(database, id, generation, view.info.id, false)
  writer.write(table, 0, table.length)
  writer.finish()
  return findView(database, { imageId: id, generation, view: view.info.id })?.id ?? -1
}

/** Files that cannot be read have no hash, and count as not proven. */
async function hash(
  database: Connection,
  { view }: ComparedTree,
  viewId: number,
  entries: number[],
  algorithm: HashAlgorithm,
): Promise<void> {
  const store = new HashStore(database)
  const hasher = await ContentHasher.of(algorithm)
  for (const file of store.filesBelow({ id: viewId }, entries, algorithm)) {
    const located = await view.lookup(file.path)
    if (!located?.content) continue
    try {
      const digest = await hasher.hash(located.content, file.byteLength, file.path)
      store.keep(algorithm, [{ id: viewId * 2 ** 28 + file.entry, digest }])
    } catch {
      continue
    } finally {
      await located.content.close()
    }
  }
}
