import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { menuTemplate } from '../../../src-main/desktop/menu'
import { extrasFor, extrasWanted, installExtras, removeExtras } from '../../../src-main/desktop/shell-extras'
import { temporaryFolder } from '../support'

describe('what is installed on request', () => {
  it('has its place on each system', () => {
    expect(extrasFor({ platform: 'linux', resources: '/r', home: '/home/me' })[0]?.to).toBe(
      '/home/me/.local/share/nautilus/scripts/Extract Here with Isolde',
    )
    expect(extrasFor({ platform: 'linux', resources: '/r', home: '/home/me', dataHome: '/data' })[0]?.to).toMatch(
      /^\/data\/nautilus/,
    )
    expect(extrasFor({ platform: 'linux', resources: '/r', home: '/home/me', dataHome: 'relative' })[0]?.to).toMatch(
      /^\/home\/me/,
    )
    expect(extrasFor({ platform: 'darwin', resources: '/r', home: '/Users/me' })[0]?.to).toMatch(
      /^\/Users\/me\/Library\/Services\//,
    )
    expect(extrasFor({ platform: 'win32', resources: 'C:\\r', home: 'C:\\me' })).toEqual([])
  })

  it('is asked for by an option', () => {
    expect(extrasWanted(['--no-sandbox', '--install-file-manager-actions'])).toBe('install')
    expect(extrasWanted(['--remove-file-manager-actions'])).toBe('remove')
    expect(extrasWanted(['/x.iso'])).toBeNull()
  })

  it('is copied, starts this very program, and is gone again', async () => {
    const home = temporaryFolder()
    const extras = extrasFor({ platform: 'linux', resources: path.resolve('resources/linux'), home: home })
    const [{ to } = { to: '' }] = extras
    await installExtras(extras, "/opt/it's here/Isolde.AppImage")
    await installExtras(extras, "/opt/it's here/Isolde.AppImage")
    expect(fs.readFileSync(to, 'utf8')).toContain("program='/opt/it'\\''s here/Isolde.AppImage'\n")
    expect(fs.statSync(to).mode & 0o111).toBe(0o111)
    await removeExtras(extras)
    expect(fs.existsSync(to)).toBe(false)
  })

  it('is all that file managers have where nothing else installs it, and starts the AppImage', async () => {
    const home = temporaryFolder()
    const extras = extrasFor({ platform: 'linux', resources: path.resolve('resources/linux'), home, isAppImage: true })
    const program = '/opt/100% "mine" $x/Isolde.AppImage'
    await installExtras(extras, program)
    const places = ['kio/servicemenus', 'nemo/actions', 'Thunar/sendto'].map((name) => `${home}/.local/share/${name}`)
    const files = places.flatMap((folder) => fs.readdirSync(folder).map((name) => path.join(folder, name)))
    expect(files).toHaveLength(5)
    for (const file of files) {
      const text = fs.readFileSync(file, 'utf8')
      const lines = text.match(/^Exec=.*$/gm) ?? []
      expect(lines.length, file).toBeGreaterThan(0)
      for (const line of lines)
        expect(line).toMatch(/^Exec="\/opt\/100%% \\\\"mine\\\\" \\\\\$x\/Isolde\.AppImage" --[a-z-]+ %F$/)
      expect(text).not.toContain('/opt/Isolde/')
      expect(fs.statSync(file).mode & 0o111).toBe(0o111)
    }
    await removeExtras(extras)
    expect(files.filter((file) => fs.existsSync(file))).toEqual([])
  })

  it('copies whole workflows', async () => {
    const home = temporaryFolder()
    const extras = extrasFor({ platform: 'darwin', resources: path.resolve('resources/mac'), home: home })
    await installExtras(extras, null)
    for (const { to } of extras) expect(fs.existsSync(path.join(to, 'Contents', 'document.wflow'))).toBe(true)
    await removeExtras(extras)
    expect(fs.readdirSync(path.join(home, 'Library', 'Services'))).toEqual([])
  })

  it('is in macOS’ menu only', () => {
    const asked: string[] = []
    const template = menuTemplate('darwin', 'Isolde', (what) => asked.push(what))
    const submenu = template?.[0]?.submenu
    const items = Array.isArray(submenu) ? submenu : []
    expect(items.filter(({ label }) => label?.includes('Quick Actions'))).toHaveLength(2)
    expect(menuTemplate('linux', 'Isolde', () => undefined)).toBeNull()
  })
})
