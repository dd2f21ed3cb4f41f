import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { containedPath } from '../../../src-main/desktop/contained-path'
import { IMAGE_EXTENSIONS } from '../../../src-shared/model'
import { isTrustedFrame, isShellFrame, mayHave, SHELL_POLICY } from '../../../src-main/desktop/security'
import { pagePolicy } from '../../../src-main/host/headers'

/** What types cannot say and lint does not: where in the desktop's sources a thing may be done at all. */
const FOLDER = 'src-main/desktop'
const sources = new Map(
  fs
    .readdirSync(FOLDER)
    .filter((name) => name.endsWith('.ts'))
    // Without comments: they may speak of what the code must not do.
    .map((name) => [
      name,
      fs.readFileSync(path.join(FOLDER, name), 'utf8').replace(/\/\*[^]*?\*\/|(?<!:)\/\/[^\n]*/g, ''),
    ]),
)
const all = [...sources.values()].join('\n')
const source = (name: string): string => sources.get(name) ?? ''

/** Files whose code has the pattern. */
function filesWith(pattern: RegExp): string[] {
  return [...sources].filter(([, text]) => pattern.test(text)).map(([name]) => name)
}

describe('windows', () => {
  it('come from one place, which hardens each', () => {
    expect(filesWith(/new BrowserWindow\b/)).toEqual(['window.ts'])
    expect(all.match(/new BrowserWindow\b/g)).toHaveLength(1)
    expect(filesWith(/\b(?:BrowserView|WebContentsView|BaseWindow|webviewTag: true)\b/)).toEqual([])
    for (const setting of ['sandbox: true', 'contextIsolation: true', 'nodeIntegration: false', 'webviewTag: false'])
      expect(source('window.ts')).toContain(setting)
  })

  it('turn no protection off', () => {
    const off =
      /webSecurity|allowRunningInsecureContent|experimentalFeatures|enableBlinkFeatures|nodeIntegrationIn|no-sandbox|ignore-certificate/
    expect(filesWith(off)).toEqual([])
  })

  it('load the program’s own pages only', () => {
    const loads = [...all.matchAll(/\.load(?:URL|File)\(([^)]*)\)/g)].map(([, what]) => what)
    expect(loads).toEqual(['page', 'page', 'page'])
    expect([...source('window.ts').matchAll(/hardened\((\w+),/g)].map(([, page]) => page)).toEqual([
      'APP_PAGE',
      'SHELL_PAGE',
    ])
  })

  it('never navigate, redirect, attach a webview or open another', () => {
    for (const event of ['will-navigate', 'will-redirect', 'will-attach-webview'])
      expect(source('window.ts')).toMatch(
        new RegExp(`on\\('${event}', \\(event\\) => \\{\\s*event\\.preventDefault\\(\\)`),
      )
    expect(source('window.ts')).toContain("setWindowOpenHandler(() => ({ action: 'deny' }))")
  })

  it('are granted nothing but to put text on the clipboard', () => {
    for (const handler of ['setPermissionRequestHandler', 'setPermissionCheckHandler'])
      expect(source('window.ts')).toMatch(new RegExp(`${handler}\\([^]*?mayHave\\(permission, `))
    const page = { url: 'app://isolde/index.html', isTop: true }
    expect(mayHave('clipboard-sanitized-write', page)).toBe(true)
    for (const frame of [null, { ...page, isTop: false }, { ...page, url: 'app://verbs/index.html' }])
      expect(mayHave('clipboard-sanitized-write', frame)).toBe(false)
    for (const other of ['clipboard-read', 'media', 'fileSystem', 'openExternal', 'notifications', ''])
      expect(mayHave(other, page)).toBe(false)
    expect(source('window.ts')).toContain('setDevicePermissionHandler(() => false)')
    expect(source('main.ts')).toContain('hardenSession(')
    expect(filesWith(/decide\(true\)|fromPartition|executeJavaScript/)).toEqual([])
  })
})

describe('messages', () => {
  it('are heard only by the two helpers that check where they come from', () => {
    expect(filesWith(/\bipcMain\b/)).toEqual(['ipc.ts'])
    const registrations = [...source('ipc.ts').matchAll(/ipcMain\.(\w+)\(([^,]*),/g)].map(([, how, channel]) => [
      how,
      channel,
    ])
    expect(registrations).toEqual([
      ['handle', 'channel'],
      ['on', 'channel'],
    ])
    expect(source('ipc.ts')).toMatch(/const window = trustedWindow\(event\)\s+if \(!window\) throw/)
    expect(source('ipc.ts')).toContain('if (trustedWindow(event)) handle(event, ...args)')
    expect(source('ipc.ts')).toContain('isTrustedFrame(frame ?')
  })

  it('are those that the page is given, and no others', () => {
    const received = [...source('ipc.ts').matchAll(/^ {2}(?:answer|on)\('([^']*)'/gm)].map(
      ([, channel = '']) => channel,
    )
    const sent = [...source('preload.ts').matchAll(/ipcRenderer\.(?:invoke|send)\('([^']*)'/g)].map(
      ([, channel = '']) => channel,
    )
    expect(received.toSorted()).toEqual(sent.toSorted())
    expect(source('preload.ts')).not.toMatch(/exposeInMainWorld\([^)]*ipcRenderer|sendSync/)
    expect(source('preload.ts').match(/exposeInMainWorld/g)).toHaveLength(1)
  })

  it('go over ports that are handed to known pages, and closed when a page goes', () => {
    expect(filesWith(/new MessageChannelMain\b/)).toEqual(['main.ts', 'shell-window.ts'])
    for (const [name, check] of [
      ['main.ts', 'isTrustedFrame'],
      ['shell-window.ts', 'isShellFrame'],
    ] as const) {
      const text = source(name)
      const at = text.indexOf('new MessageChannelMain')
      const checked = text.lastIndexOf(`${check}({ url: frame.url`, at)
      expect(checked, name).toBeGreaterThan(0)
      expect(text.slice(checked, at), name).toContain('return')
      // When a page has gone, not when it may be about to: what is refused begins as well.
      expect(text, name).toContain("'did-navigate'")
      expect(text, name).toContain("'render-process-gone'")
      expect(text, name).not.toContain("'did-start-navigation'")
    }
  })

  it('of the small window are checked against the contract', () => {
    expect(source('shell-window.ts')).toContain('clientMessage.safeParse(data)')
  })
})

describe('what is trusted', () => {
  it('is a page by its whole address', () => {
    expect(isShellFrame({ url: 'app://verbs/index.html', isTop: true })).toBe(true)
    expect(isShellFrame({ url: 'app://verbs/index.html', isTop: false })).toBe(false)
    expect(isShellFrame({ url: 'app://isolde/index.html', isTop: true })).toBe(false)
    expect(isShellFrame(null)).toBe(false)
    // The small window's page asks for no service of the desktop.
    expect(isTrustedFrame({ url: 'app://verbs/index.html', isTop: true })).toBe(false)
  })

  it('sends nobody to the web', () => {
    expect(filesWith(/openExternal\(/)).toEqual([])
    expect(all.replace(/'https?:\/\/[^']*'/g, '')).not.toMatch(/https?:\/\//)
  })
})

describe('pages', () => {
  it.each([
    ['the window', pagePolicy('x')],
    ['the small window', SHELL_POLICY],
  ])('%s: the policy begins with nothing, and allows nothing unsafe or from elsewhere', (_name, policy) => {
    expect(policy).toMatch(/^default-src 'none'; /)
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toMatch(/unsafe|https?:|\*|wasm/)
  })

  it('the small window needs no more than its policy', () => {
    const html = fs.readFileSync('resources/shell-window/index.html', 'utf8')
    expect(html).not.toMatch(/<style|style=|\son\w+=|https?:|<script>/)
    const script = fs.readFileSync('resources/shell-window/shell-window.js', 'utf8')
    expect(script).not.toMatch(/innerHTML|insertAdjacentHTML|eval|Function\(|document\.write/)
  })

  it('are served from their own folder only', () => {
    expect(containedPath('/app/renderer', '/assets/a.js')).toBe('/app/renderer/assets/a.js')
    for (const address of ['/', '/../main/desktop.js', '/%2e%2e/x', '/..%2fx', '/a\0b', '/%E0%A4%A'])
      expect(containedPath('/app/renderer', address) ?? '/app/renderer/').toMatch(/^\/app\/renderer\//)
    expect(filesWith(/registerFileProtocol|interceptFileProtocol|interceptBuffer|file:\/\//)).toEqual([])
  })
})

it('the runtime is the one that package.json names, exactly', () => {
  const { devDependencies } = JSON.parse(fs.readFileSync('package.json', 'utf8')) as {
    devDependencies: Record<string, string>
  }
  expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/)
})

it('no extension is told twice', () => {
  expect(new Set(IMAGE_EXTENSIONS).size).toBe(IMAGE_EXTENSIONS.length)
})
