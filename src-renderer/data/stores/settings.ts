import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { call, on } from '../api'
import { settingsShape, type Settings } from '../../../src-shared/contract'
import { setLanguage } from '../../base/locales'

type Changes = Partial<Settings>

const SAVE_DELAY = 400

/** What the person chose, and the window's own state; both kept by the engine between starts. */
export const useSettings = defineStore('settings', () => {
  const current = ref<Settings>(settingsShape.parse({}))
  const isLoaded = ref(false)
  let saveTimer: ReturnType<typeof setTimeout> | undefined
  let unsaved: Record<string, unknown> = {}

  async function load(): Promise<void> {
    current.value = await call('settings.get', {})
    isLoaded.value = true
  }

  /** Changes that the engine has not taken yet: what it says of these meanwhile is older than what was chosen. */
  const underway: Changes[] = []

  /** What the engine says, with what was chosen here since, and this window's own state, which is newer here. */
  function take(settings: Settings): void {
    const chosen = underway.reduce<Settings>((all, changes) => ({ ...all, ...changes }), settings)
    current.value = { ...chosen, window: current.value.window }
  }

  /** Changes settings at once here, and then in the engine. Where that fails they are what they were. */
  async function change(changes: Changes): Promise<void> {
    const before = current.value
    underway.push(changes)
    current.value = { ...before, ...changes }
    const done = (): void => void underway.splice(underway.indexOf(changes), 1)
    try {
      const answer = await call('settings.set', { changes })
      done()
      take(answer)
    } catch (error) {
      done()
      take(await call('settings.get', {}).catch(() => before))
      throw error
    }
  }

  /** Remembers a piece of the window's state; written a moment later, together with what else changed. */
  function remember(key: string, value: unknown): void {
    unsaved[key] = value
    current.value.window = { ...current.value.window, [key]: value }
    clearTimeout(saveTimer)
    saveTimer = setTimeout(() => void saveNow(), SAVE_DELAY)
  }

  async function saveNow(): Promise<void> {
    if (Object.keys(unsaved).length === 0) return
    unsaved = {}
    // A window that closes or an engine that restarts right now loses a splitter's position at most.
    await call('settings.set', { changes: { window: current.value.window } }).catch(() => undefined)
  }

  on('settings.changed', take)

  watch(
    () => [current.value.theme, current.value.density] as const,
    ([theme, density]) => {
      document.documentElement.dataset.theme = resolvedTheme(theme)
      document.documentElement.dataset.density = density
    },
    { immediate: true },
  )
  window.matchMedia('(prefers-contrast: more)').addEventListener('change', () => {
    document.documentElement.dataset.theme = resolvedTheme(current.value.theme)
  })
  watch(
    () => current.value.language,
    (language) => void setLanguage(language),
    { immediate: true },
  )

  return {
    current,
    isLoaded,
    units: computed(() => current.value.sizeUnits),
    load,
    change,
    remember,
    saveNow,
  }
})

// `system` leaves light and dark to the style sheet; more contrast is a theme of its own.
function resolvedTheme(theme: Settings['theme']): string {
  if (theme !== 'system') return theme
  return window.matchMedia('(prefers-contrast: more)').matches ? 'high-contrast' : 'system'
}
