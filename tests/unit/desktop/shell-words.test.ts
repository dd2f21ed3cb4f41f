import { describe, expect, it } from 'vitest'
import { addLaunch, changeItem, describe as describeQueue, takeSnapshot } from '../../../src-main/desktop/shell-queue'
import type { JobSnapshot } from '../../../src-main/desktop/shell-queue'
import { shellLanguage, type ShellWords } from '../../../src-main/desktop/shell-words'

const TAGS = ['en', 'de', 'es', 'zh-CN', 'ja', 'ar']

describe('the small window’s language', () => {
  it.each([
    ['system', ['fr-FR', 'de-AT'], 'de-AT'],
    ['system', ['fr-FR'], 'en'],
    ['ja', ['de-AT'], 'ja'],
    ['zh-CN', [], 'zh-CN'],
    ['xx', ['es'], 'es'],
  ])('%s on a system that wants %j is %s', (setting, system, tag) => {
    expect(shellLanguage(setting, system).tag).toBe(tag)
  })

  it('runs from the right for Arabic alone', () => {
    expect(TAGS.filter((tag) => shellLanguage(tag, []).direction === 'rtl')).toEqual(['ar'])
  })

  it.each(TAGS.filter((tag) => tag !== 'en'))('says nothing in English: %s', (tag) => {
    const [own, english] = [shellLanguage(tag, []).words, shellLanguage('en', []).words]
    const spoken = (words: ShellWords): string[] =>
      Object.values(words).map((word: string | ((...args: never[]) => string)) =>
        typeof word === 'string' ? word : (word as (a: string, b: string) => string)('1', '2'),
      )
    const same = spoken(own).filter((word) => spoken(english).includes(word))
    expect(same).toEqual([])
    expect(spoken(own).every((word) => word.trim() !== '')).toBe(true)
  })

  it('reaches the page: words, button and direction', () => {
    const language = shellLanguage('de', [])
    const launch = { action: 'verify' as const, images: ['/a.iso'], destination: null }
    let queue = changeItem(addLaunch([], launch), 1, { state: 'working', job: 'j' })
    expect(describeQueue(queue, language)).toMatchObject({ title: 'Wird geprüft', button: 'Abbrechen', language: 'de' })
    const snapshot = {
      id: 'j',
      kind: 'verify',
      state: 'done',
      result: { kind: 'verify', sums: 1234, problems: 0 },
      problems: [],
    }
    queue = takeSnapshot(queue, snapshot as unknown as JobSnapshot, language)
    expect(describeQueue(queue, language)).toMatchObject({
      title: 'Fertig',
      button: 'Schließen',
      lines: ['a.iso: unversehrt: alle enthaltenen Prüfungen bestanden (1.234).'],
    })
  })
})
