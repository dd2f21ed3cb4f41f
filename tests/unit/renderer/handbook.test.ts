import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createPinia, setActivePinia } from 'pinia'
import { describe, expect, it, vi } from 'vitest'
import { en } from '../../../src-renderer/base/locales/en'
import { createCommands } from '../../../src-renderer/commands/catalogue'
import { PAGES } from '../../../src-renderer/features/handbook/pages'

vi.mock('../../../src-renderer/data/api', () => ({
  desktop: null,
  call: vi.fn(),
  onNewEngine: () => undefined,
  on: vi.fn(),
  host: 'web',
  isConnected: true,
}))

vi.mock('../../../src-renderer/data/stores/settings', async () => {
  const { settingsShape } = await import('../../../src-shared/contract')
  return { useSettings: () => ({ current: settingsShape.parse({}) }) }
})

const BOOK = join(import.meta.dirname, '../../../docs/handbook')
const names = readdirSync(BOOK)
/** `**Menu › Command**`, with its key where the page says one. */
const COMMAND = /\*\*(\w+) › ([^*]+)\*\*(?:\s+\(`([^`]+)`\))?/g
const LINK = /\]\(([^)]+)\)/g

const flowing = (text: string): string => text.replaceAll(/\s+/g, ' ')

describe.each(PAGES)('the page “$title”', ({ id, text }) => {
  it('names commands that are in those menus, with the keys that they have', () => {
    setActivePinia(createPinia())
    const commands = createCommands()
    for (const [, menu, label, key] of flowing(text).matchAll(COMMAND)) {
      const found = commands.find(
        (one) => (en.command as Record<string, string>)[one.id] === label && en.menu[one.menu] === menu,
      )
      expect(found, `${menu} › ${label}`).toBeDefined()
      // As it is pressed; the window shows signs for some.
      if (key !== undefined)
        expect(
          found?.keys.map((one) => one.replace('Mod', 'Ctrl')),
          label,
        ).toContain(key)
    }
  })

  it('has a picture of its own, and leads only to pages that there are', () => {
    const targets = [...text.matchAll(LINK)].map(([, target]) => target)
    expect(targets).toContain(`${id}.png`)
    expect(targets.filter((target) => !names.includes(target ?? ''))).toEqual([])
  })

  it('is short', () => {
    expect(text.split('\n').length).toBeLessThan(50)
  })
})

it('every page is in the list, and no picture is left over', () => {
  expect(PAGES.map(({ id }) => `${id}.md`).sort()).toEqual(names.filter((name) => name.endsWith('.md')).sort())
  expect(names.filter((name) => name.endsWith('.png')).length).toBe(PAGES.length)
})

it('the pictures are small', () => {
  const sizes = names.filter((name) => name.endsWith('.png')).map((name) => statSync(join(BOOK, name)).size)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1_000_000)
})
