import { describe, expect, it } from 'vitest'
import { belongsToRows, isFixed, rejectionOf } from '../../../src-renderer/commands/key-rules'
import { resolveKeys, withKeys } from '../../../src-renderer/commands/own-keys'
import { parseSettings } from '../../../src-main/engine/handlers/parse-settings'
import { settingsShape } from '../../../src-shared/contract'

const COMMANDS = [
  { id: 'preview', keys: ['F3'] },
  { id: 'palette', keys: ['Mod+K', 'Mod+P'] },
  { id: 'enter', keys: ['Enter', 'Alt+ArrowDown'] },
  { id: 'swap', keys: ['Mod+U'] },
]
const resolved = (own: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(resolveKeys(COMMANDS, own))

describe('keys of commands', () => {
  it('are the original ones until somebody changes them', () => {
    expect(resolved({})).toEqual(Object.fromEntries(COMMANDS.map(({ id, keys }) => [id, keys])))
  })

  it('are the person’s own, none at all where that is wished for, and fixed ones besides', () => {
    expect(resolved({ preview: ['F9'], palette: [], enter: ['Alt+X'] })).toEqual({
      preview: ['F9'],
      palette: [],
      enter: ['Enter', 'Alt+X'],
      swap: ['Mod+U'],
    })
  })

  it('are with a command that shares them as well, until somebody gives them away', () => {
    const commands = [...COMMANDS, { id: 'step', keys: ['Mod+U'], sharesKeys: true as const }]
    expect(resolveKeys(commands, {}).get('step')).toEqual(['Mod+U'])
    expect(resolveKeys(commands, {}).get('swap')).toEqual(['Mod+U'])
    expect(resolveKeys(commands, { preview: ['Mod+U'] }).get('step')).toEqual([])
    expect(resolveKeys(commands, { swap: ['F9'] }).get('step')).toEqual(['Mod+U'])
  })

  it('are never with two commands: what was given away is gone from where it was', () => {
    expect(resolved({ preview: ['Mod+U', 'Enter'] })).toEqual({
      preview: ['Mod+U'],
      palette: ['Mod+K', 'Mod+P'],
      enter: ['Enter', 'Alt+ArrowDown'],
      swap: [],
    })
    expect(resolved({ preview: ['F9'], swap: ['F9'] })).toMatchObject({ preview: ['F9'], swap: [] })
  })

  it('of commands that there are not mean nothing, and neither do keys that find names', () => {
    expect(resolved({ nothing: ['F3'], preview: ['A', 'ArrowUp', 'F3'] })).toMatchObject({ preview: ['F3'] })
  })

  it('leave no trace once they are the original ones again', () => {
    const [preview, palette] = [COMMANDS[0]!, COMMANDS[1]!]
    const own = withKeys({}, preview, ['F9'])
    expect(own).toEqual({ preview: ['F9'] })
    expect(withKeys(own, palette, ['Mod+P', 'Mod+K'])).toEqual({ preview: ['F9'] })
    expect(withKeys(own, preview, ['F3'])).toEqual({})
    expect(withKeys({}, COMMANDS[2]!, ['Enter', 'Alt+ArrowDown'])).toEqual({})
  })
})

describe('the rules of keys', () => {
  it('keep what moves, types, and belongs to others', () => {
    expect(rejectionOf('ArrowUp', false)).toBe('rows')
    expect(rejectionOf('Mod+Shift+End', false)).toBe('rows')
    expect(rejectionOf('Shift+Tab', false)).toBe('rows')
    expect(rejectionOf('Escape', false)).toBe('rows')
    expect(rejectionOf('Я', false)).toBe('letters')
    expect(rejectionOf('Shift+A', false)).toBe('letters')
    expect(rejectionOf('Alt+F4', false)).toBe('system')
    expect(rejectionOf('Mod+T', true)).toBe('browser')
    expect(rejectionOf('Mod+T', false)).toBeNull()
    for (const key of ['F9', 'Alt+ArrowLeft', 'Mod+Shift+P', '+', 'Backspace', 'Mod++', 'Alt+Enter'])
      expect(rejectionOf(key, true), key).toBeNull()
    expect(isFixed('Enter')).toBe(true)
    expect(isFixed('Delete')).toBe(false)
  })

  it('know which keys mean something in rows only', () => {
    expect(['+', 'Delete', 'Backspace', 'Enter', 'Mod+C', 'Mod+A'].every(belongsToRows)).toBe(true)
    expect(['F3', 'Shift+F5', 'Mod+K', 'Mod+Z', 'Alt+ArrowUp', 'Alt+='].some(belongsToRows)).toBe(false)
  })
})

describe('keys in the settings file', () => {
  it('are kept one by one: what makes no sense is left out', () => {
    const keys = {
      preview: ['F9', 'F9', 'nonsense key', 7, 'Mod+Shift+K', '+'],
      'a b': ['F2'],
      swap: 'F3',
      queue: [],
      tree: Array.from({ length: 30 }, (_, index) => `F${index}`),
    }
    const settings = parseSettings({ keys, theme: 'dark' })
    expect(settings.theme).toBe('dark')
    expect(settings.keys.preview).toEqual(['F9', 'Mod+Shift+K', '+'])
    expect(settings.keys.queue).toEqual([])
    expect(Object.keys(settings.keys)).toEqual(['preview', 'queue', 'tree'])
    expect(settings.keys.tree).toHaveLength(8)
    expect(settingsShape.parse(settings)).toEqual(settings)
  })

  it('are the original ones where they are no list of commands at all', () => {
    expect(parseSettings({ keys: 'all' }).keys).toEqual({})
    expect(parseSettings({}).keys).toEqual({})
  })
})
