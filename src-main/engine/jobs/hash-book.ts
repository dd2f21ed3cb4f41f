import { IsoldeError } from '../../../src-shared/contract/errors'
import { because, NumberRanges } from '../../../src-shared/model'
import { connect, findView, HashStore, ImageStore, knownHashes, type ImageAsItIs } from '../../catalog'
import type { HashBook } from '../../jobs'
import type { StoredViewRef } from '../images'

/** Entries are kept under the view's number times this, plus their own. */
const VIEW_STRIDE = 2 ** 28

/**
 * Hashes of one view, in the catalog.
 * @param isOpen whether the image is open in that generation: then its view may still be on its way into the catalog
 */
export function openHashBook(catalogPath: string, ref: StoredViewRef, isOpen: () => Promise<boolean>): HashBook {
  const database = connect(catalogPath, 'write')
  const hashes = new HashStore(database)
  const viewId = (): number => {
    const view = findView(database, ref)
    if (!view) throw new IsoldeError('ENTRY_GONE', 'The image has changed since this was shown. Open it again.')
    return view.id
  }
  return {
    async isIndexed() {
      if (findView(database, ref)?.isComplete) return true
      if (await isOpen()) return false
      throw new IsoldeError(
        'ENTRY_GONE',
        'The image is not indexed as it is now. Open it again.',
        because('notIndexed', {}),
      )
    },
    facts: () => new ImageStore(database).facts(ref.imageId),
    files: (ranges, algorithm) =>
      hashes.filesBelow({ id: viewId() }, ranges && [...NumberRanges.from(ranges)], algorithm),
    keep(algorithm, found) {
      const base = viewId() * VIEW_STRIDE
      if (found.length > 0)
        hashes.keep(
          algorithm,
          found.map(({ entry, digest }) => ({ id: base + entry, digest })),
        )
    },
    close: () => {
      database.close()
    },
  }
}

/** As {@link knownHashes}; empty too where the catalog cannot be asked, which is no reason to extract nothing. */
export function readKnownHashes(catalogPath: string, image: ImageAsItIs, view: string): Map<string, string> {
  try {
    const database = connect(catalogPath, 'read')
    try {
      return knownHashes(database, image, view)
    } finally {
      database.close()
    }
  } catch {
    return new Map()
  }
}
