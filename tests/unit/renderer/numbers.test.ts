import { afterEach, expect, it, vi } from 'vitest'

vi.stubGlobal('navigator', { languages: ['en-GB'] })

const { i18n, locale, setLanguage, t } = await import('../../../src-renderer/base/locales')
const { formatBytes, formatCount, formatPercent } = await import('../../../src-renderer/base/format')

// Only now: Vue asks for more of a document than there is.
vi.stubGlobal('document', { documentElement: {} })
afterEach(() => setLanguage('en'))

it('numbers in sentences have their groups, however they are given', () => {
  expect(t('queue.count', 1956)).toBe('1,956 jobs')
  expect(t('row.children', { n: 1956 })).toBe('1,956 items')
  expect(t('row.children', { n: 1 })).toBe('1 item')
  expect(i18n.global.t('library.pending', { n: 12_345 })).toContain('12,345')
})

it('shares are written as the language does', () => {
  expect(formatPercent(68, 'en')).toBe('68%')
  expect(formatPercent(68, 'de')).toBe('68\u00a0%')
  expect(formatPercent(100, 'ja')).toBe('100%')
})

it('Arabic has one kind of digits', async () => {
  await setLanguage('ar')
  const texts = [
    formatCount(1956, locale.value),
    formatBytes(1_956_000, 'decimal', locale.value),
    t('queue.count', 1956),
    formatPercent(68, locale.value),
  ]
  for (const text of texts) expect(text).not.toMatch(/[٠-٩]/)
  expect(texts[0]).toBe('1,956')
})
