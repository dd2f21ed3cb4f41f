import { describe, expect, it } from 'vitest'
import { launchArguments, parseLaunch, readSecondStart } from '../../../src-main/desktop/arguments'
import { isTrustedFrame, mayReload } from '../../../src-main/desktop/security'

describe('parseLaunch', () => {
  it.each([
    [['disc.iso'], { action: 'open', images: ['/home/me/disc.iso'] }],
    [['/a/b.iso', '/a/b.iso'], { images: ['/a/b.iso'] }],
    [['file:///a/b%20c.iso'], { images: ['/a/b c.iso'] }],
    [['https://example.com/x.iso'], { images: [] }],
    [['--no-sandbox', '--inspect=0', 'x.iso'], { images: ['/home/me/x.iso'] }],
    [['--extract-here', 'x.iso', 'y.iso'], { action: 'extract-here', images: ['/home/me/x.iso', '/home/me/y.iso'] }],
    [['--extract-to', '/out', 'x.iso'], { action: 'extract-to', destination: '/out', images: ['/home/me/x.iso'] }],
    [['--extract-to=out', 'x.iso'], { action: 'extract-to', destination: '/home/me/out' }],
    [['--extract-to-own-folder', 'x.iso'], { action: 'extract-to', destination: null, images: ['/home/me/x.iso'] }],
    [['--extract-to-be-sure', 'x.iso'], { action: 'open', destination: null, images: ['/home/me/x.iso'] }],
    [['--verify', 'x.iso'], { action: 'verify' }],
    [['--', '--odd name.iso'], { action: 'open', images: ['/home/me/--odd name.iso'] }],
    [[''], { images: [] }],
  ])('%j', (args, expected) => {
    expect(parseLaunch(args, '/home/me')).toMatchObject(expected)
  })
})

describe('readSecondStart', () => {
  it('takes what a second start hands over', () => {
    const launch = parseLaunch(['--verify', '/x.iso'], '/')
    expect(readSecondStart({ launch })).toEqual(launch)
  })

  it.each([undefined, null, 'x', {}, { launch: 1 }, { launch: { action: 'format-disk', images: [] } }])(
    'refuses %j',
    (data) => {
      expect(readSecondStart(data)).toBeNull()
    },
  )

  it('leaves out what is no full path', () => {
    expect(readSecondStart({ launch: { action: 'open', images: ['/a', 'b', 7], destination: 3 } })).toEqual({
      action: 'open',
      images: ['/a'],
      destination: null,
    })
  })
})

describe('isTrustedFrame', () => {
  it.each([
    ['app://isolde/index.html', true, true],
    ['app://isolde/index.html', false, false],
    ['app://isolde/content/1/1/udf/3/page.html', true, false],
    ['app://isolde/assets/x.svg', true, false],
    ['app://elsewhere/index.html', true, false],
    ['https://isolde/index.html', true, false],
    ['about:blank', true, false],
    ['', true, false],
  ])('%s (top: %s): %s', (url, isTop, trusted) => {
    expect(isTrustedFrame({ url, isTop })).toBe(trusted)
  })

  it('trusts no frame that is gone', () => {
    expect(isTrustedFrame(null)).toBe(false)
  })
})

describe('mayReload', () => {
  it('gives a page that crashes again and again up, and forgets what is long ago', () => {
    expect(mayReload([1000], 1000)).toBe(true)
    expect(mayReload([1000, 2000, 3000], 3000)).toBe(true)
    expect(mayReload([1000, 2000, 3000, 4000], 4000)).toBe(false)
    expect(mayReload([1000, 2000, 3000, 100_000], 100_000)).toBe(true)
  })
})

describe('launchArguments', () => {
  it.each([
    [['/x.iso', '/y.iso']],
    [['--extract-here', '/x.iso']],
    [['--extract-to-own-folder', '/x.iso']],
    [['--extract-to', '/a b/out', '/x.iso', '/y.iso']],
    [['--verify', '/x.iso']],
    [[]],
  ])('%j asks for the same again', (args) => {
    const launch = parseLaunch(args, '/home/me')
    expect(parseLaunch(launchArguments(launch), '/elsewhere')).toEqual(launch)
  })
})
