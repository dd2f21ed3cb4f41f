import { describe, expect, it } from 'vitest'
import { inReadingOrder, ViewDifferences } from '../../../src-main/engine'
import { buildIso, utf16Be } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'

async function differencesOf(joliet: string[]): Promise<string[]> {
  const { bytes } = buildIso(
    [
      { name: 'BOTH.TXT;1', data: 'both' },
      { name: 'HIDDEN.EXE;1', data: 'hidden' },
    ],
    {
      joliet: joliet.map((name) => ({ name: utf16Be(name), data: name })),
    },
  )
  const image = await openBytes(bytes)
  const differences = new ViewDifferences()
  for (const view of inReadingOrder(image.info.views)) differences.add(view, await image.view(view.id).readTree())
  return differences.diagnostics.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`)
}

describe('differences between views', () => {
  it('are told with what only one of them shows', async () => {
    const [told, ...others] = await differencesOf(['both.txt'])
    expect(told).toMatch(/^VIEWS_DIFFER: .*“HIDDEN\.EXE”/)
    expect(others).toEqual([])
  })

  it('are none where both show the same', async () => {
    expect(await differencesOf(['both.txt', 'hidden.exe'])).toEqual([])
  })

  it('are looked for from the default view on', async () => {
    const { bytes } = buildIso([], { joliet: [] })
    const image = await openBytes(bytes)
    expect(inReadingOrder(image.info.views)[0]!.isDefault).toBe(true)
  })
})
