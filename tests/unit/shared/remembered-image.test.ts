import { expect, it } from 'vitest'
import { openedImage } from '../../../src-shared/contract'

/** What the catalog of a first version holds of an image; it is shown as it was, without being read again. */
const FIRST_VERSION = {
  name: 'disc.iso',
  byteLength: 1_290_240,
  label: 'DISC',
  containers: ['plain'],
  systemId: '',
  publisher: '',
  preparer: '',
  application: '',
  dates: { created: 1_715_941_800_000, modified: null },
  views: [
    {
      id: 'rock-ridge',
      kind: 'rock-ridge',
      label: 'Rock Ridge',
      format: 'ISO 9660 with Rock Ridge',
      volumeName: 'DISC',
      entryCount: 9,
      isDefault: true,
    },
  ],
  defaultViewId: 'rock-ridge',
  completeness: { status: 'complete', expectedByteLength: 1_290_240, missingByteLength: 0 },
  boot: [
    { platform: 'bios', emulation: 'none', bootable: true, byteOffset: 67_584, byteLength: 2048, path: 'isolinux.bin' },
  ],
  diagnostics: [],
}

it('an image that an earlier version remembered still opens', () => {
  const location = { kind: 'path', path: '/disc.iso', inside: [] }
  const opened = openedImage.safeParse({ image: 1, generation: 1, info: FIRST_VERSION, location, isRemembered: false })
  expect(opened.error?.issues ?? []).toEqual([])
  expect(opened.data?.info).toMatchObject({ ...FIRST_VERSION, volumeSetId: '', copyrightFile: '' })
})
