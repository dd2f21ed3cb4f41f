import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { parseSettings } from '../../../src-main/engine/handlers/parse-settings'
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
    const told: string[] = []
    const settings = new SettingsFile(
      file,
      parseSettings,
      () => undefined,
      (aside) => told.push(aside),
    )
    expect(settings.get().theme).toBe('system')
    expect(fs.readFileSync(`${file}.broken`, 'utf8')).toBe('{ half')
    expect(told).toEqual([`${file}.broken`])
    expect(settings.quarantinedPath).toBe(`${file}.broken`)
  })

  it('goes on for this run where nothing can be written', () => {
    const blocked = path.join(temporaryFolder(), 'file')
    fs.writeFileSync(blocked, '')
    const settings = new SettingsFile(path.join(blocked, 'settings.json'), parseSettings, () => undefined)
    expect(settings.set({ theme: 'light' }).theme).toBe('light')
  })

  it('follows what is written into the file by hand, and leaves half a text alone', async () => {
    const file = path.join(temporaryFolder(), 'settings.json')
    const told: string[] = []
    const settings = new SettingsFile(file, parseSettings, (changed) => told.push(changed.theme))
    settings.watch()
    try {
      settings.set({ density: 'compact' })
      fs.writeFileSync(file, JSON.stringify({ theme: 'dark', density: 'compact' }))
      await vi.waitFor(() => expect(told.at(-1)).toBe('dark'), 5000)
      fs.writeFileSync(file, '{ "theme": "li')
      fs.writeFileSync(`${file}.new`, JSON.stringify({ theme: 'light' }))
      fs.renameSync(`${file}.new`, file)
      await vi.waitFor(() => expect(told.at(-1)).toBe('light'), 5000)
      // Its own writing is no news.
      expect(told.filter((theme) => theme === 'system')).toHaveLength(1)
    } finally {
      settings.close()
    }
  })

  it('loses neither what was written by hand to a change, nor a mistake in it', () => {
    const file = path.join(temporaryFolder(), 'settings.json')
    const settings = new SettingsFile(file, parseSettings, () => undefined)
    settings.set({ density: 'compact' })
    fs.writeFileSync(file, JSON.stringify({ theme: 'dark', density: 'compact' }))
    expect(settings.set({ language: 'de' })).toMatchObject({ theme: 'dark', language: 'de' })
    fs.writeFileSync(file, '{ "theme": "light", }')
    expect(settings.set({ language: 'ja' })).toMatchObject({ theme: 'dark', language: 'ja' })
    expect(fs.readFileSync(`${file}.broken`, 'utf8')).toBe('{ "theme": "light", }')
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toMatchObject({ theme: 'dark', language: 'ja' })
  })
})
