import { describe, expect, it } from 'vitest'
import { firstView } from '../../../src-renderer/data/rows/first-view'
import { imageKindOf, type ViewInfo } from '../../../src-shared/model'

const view = (id: string, kind: ViewInfo['kind']): ViewInfo => ({
  id,
  kind,
  label: id,
  format: '',
  volumeName: '',
  entryCount: null,
  isDefault: id === 'rock-ridge',
})
const info = {
  defaultViewId: 'rock-ridge',
  views: [view('rock-ridge', 'rock-ridge'), view('joliet@1', 'joliet'), view('joliet', 'joliet')],
}

describe('the view that an image begins with', () => {
  it('is the one that a person wants, of the session that is shown', () => {
    expect(firstView(info, 'joliet')).toBe('joliet')
    expect(firstView(info, 'auto')).toBe('rock-ridge')
  })

  it('is the image’s own choice where it has no such tree, or only in another session', () => {
    expect(firstView(info, 'udf')).toBe('rock-ridge')
    expect(firstView({ ...info, views: info.views.slice(0, 2) }, 'joliet')).toBe('rock-ridge')
  })
})

it('sees the kind of an image through compression and numbered parts', () => {
  for (const [name, kind] of [
    ['A.ISO', 'iso'],
    ['a.iso.xz', 'iso'],
    ['a.iso.001', 'iso'],
    ['disc.img.gz', 'img'],
    ['a.tar.gz', null],
    ['iso', null],
    ['a.txt', null],
  ] as const)
    expect(imageKindOf(name), name).toBe(kind)
})
