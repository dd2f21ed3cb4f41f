import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseSettings } from '../../../src-main/engine/parse-settings'
import { SettingsFile } from '../../../src-main/settings/settings'
import { temporaryFolder } from '../support'

describe('SettingsFile', () => {
  it('begins with defaults, keeps changes, and tells them', () => {
    const file = path.join(temporaryFolder(), 'new', 'settings.json')
    const told: unknown[] = []
    const settings = new SettingsFile(file, parseSettings, (changed) => told.push(changed.theme))
    expect(settings.get().theme).toBe('system')
    settings.set({ theme: 'dark' })
    expect(told).toEqual(['dark'])
    expect(new SettingsFile(file, parseSettings, () => undefined).get().theme).toBe('dark')
    expect(fs.readdirSync(path.dirname(file))).toEqual(['settings.json'])
  })

  it('keeps the good keys of a file with a bad one', () => {
    const file = path.join(temporaryFolder(), 'settings.json')
    fs.writeFileSync(file, JSON.stringify({ theme: 'purple', density: 'compact', unknown: 1 }))
    const settings = new SettingsFile(file, parseSettings, () => undefined).get()
    expect(settings).toMatchObject({ theme: 'system', density: 'compact' })
    expect(settings).not.toHaveProperty('unknown')
  })

  it('puts a broken file aside instead of losing it', () => {
    const file = path.join(temporaryFolder(), 'settings.json')
    fs.writeFileSync(file, '{ half')
    expect(new SettingsFile(file, parseSettings, () => undefined).get().theme).toBe('system')
    expect(fs.readFileSync(`${file}.broken`, 'utf8')).toBe('{ half')
  })

  it('goes on for this run where nothing can be written', () => {
    const blocked = path.join(temporaryFolder(), 'file')
    fs.writeFileSync(blocked, '')
    const settings = new SettingsFile(path.join(blocked, 'settings.json'), parseSettings, () => undefined)
    expect(settings.set({ theme: 'light' }).theme).toBe('light')
  })
})
