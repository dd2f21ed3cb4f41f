import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { connect, ImageStore, locationKey, migrate, MIGRATIONS, TrustStore } from '../../../src-main/catalog'
import type { ImageInfo } from '../../../src-shared/model'
import { temporaryFolder } from '../support'

const INFO = { name: 'a.iso', label: '', views: [], completeness: { status: 'complete' } } as unknown as ImageInfo
const location = locationKey('path', '/a.iso', [])
const file = { location, byteLength: 10, modified: 1000.4 }

it('a report is told of the file that was checked, and of no other', () => {
  const catalog = path.join(temporaryFolder(), 'catalog.db')
  migrate(catalog, MIGRATIONS)
  const database = connect(catalog, 'write')
  onTestFinished(() => {
    database.close()
  })
  const images = new ImageStore(database)
  const trust = new TrustStore(database)
  const open = (byteLength: number, modified: number): number =>
    images.remember(
      { location, path: '/a.iso', byteLength, modified, fingerprint: new Uint8Array([byteLength]), charset: null },
      INFO,
      1,
    ).id
  // Of an image that the catalog does not know nothing is kept.
  trust.keep(file, { verdict: 'passed' })
  expect(trust.find(file)).toBeNull()

  const id = open(10, 1000.4)
  trust.keep(file, { verdict: 'failed' })
  trust.keep(file, { verdict: 'passed' })
  expect(trust.find(file)).toEqual({ verdict: 'passed' })
  // Found out of a file as it is now, whether or not it has been opened since.
  expect(trust.find({ ...file, modified: 2000 })).toBeNull()
  expect(trust.find({ ...file, byteLength: 11 })).toBeNull()
  expect(trust.find({ ...file, location: locationKey('path', '/a.iso', [{ path: 'x', runs: [0, 5] }]) })).toBeNull()
  open(11, 2000)
  expect(trust.find({ ...file, byteLength: 11, modified: 2000 })).toBeNull()
  // As it was, by the clock; it is parsed anew all the same, and was not checked as that.
  open(10, 1000.4)
  expect(trust.find(file)).toBeNull()
  trust.keep(file, { verdict: 'passed' })
  images.forget(id)
  expect(trust.find(file)).toBeNull()
})
