import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { keyLabel } from '../../../src-renderer/base/keys'
import { setLanguage } from '../../../src-renderer/base/locales'

beforeAll(() => vi.stubGlobal('document', { documentElement: {} }))
afterAll(async () => {
  await setLanguage('en')
  vi.unstubAllGlobals()
})

it.each([
  ['en', 'Ctrl+Shift+Del', 'Alt+←', '+'],
  ['de', 'Strg+Umschalt+Entf', 'Alt+←', '+'],
  ['es', 'Ctrl+Mayús+Supr', 'Alt+←', '+'],
])('keys are called what keyboards have written on them: %s', async (language, ...labels) => {
  await setLanguage(language)
  expect(['Mod+Shift+Delete', 'Alt+ArrowLeft', '+'].map(keyLabel)).toEqual(labels)
})
