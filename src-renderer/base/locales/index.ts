import { computed, ref, type Ref } from 'vue'
import { createI18n } from 'vue-i18n'
import { formatCount } from '../format'
import { en, type Words } from './en'
import { LANGUAGES, type Language } from './languages'

export { LANGUAGES, type Language }

const LOADERS: Partial<Record<Language, () => Promise<{ words: Words }>>> = {
  ar: () => import('./ar'),
  de: () => import('./de'),
  es: () => import('./es'),
  ja: () => import('./ja'),
  'zh-CN': () => import('./zh-CN'),
}
const RIGHT_TO_LEFT: readonly string[] = ['ar']

const ARABIC_FORMS = ['zero', 'one', 'two', 'few', 'many', 'other']
const arabic = new Intl.PluralRules('ar')

/** Which of the six forms of a counted word an Arabic number takes. */
function arabicForm(n: number, forms: number): number {
  return forms < ARABIC_FORMS.length ? Math.min(n, forms - 1) : ARABIC_FORMS.indexOf(arabic.select(n))
}

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  pluralRules: { ar: arabicForm },
  messages: { en },
})

const current = ref<Language>('en')

/** The language in use, for dates, numbers and reading direction. */
export const locale = computed<string>(
  // “en” alone would mean American dates to everyone who reads English.
  () => {
    const name = navigator.languages.find((one) => one.split('-')[0] === current.value.split('-')[0]) ?? current.value
    // Sizes, paths, hashes and versions have these digits everywhere: a sentence is not to mix two kinds.
    return name.startsWith('ar') ? `${name}-u-nu-latn` : name
  },
)
/** Whether the window speaks the language that the engine and the command line do. */
export const isEnglish = computed(() => current.value === 'en')
export const direction = computed<'ltr' | 'rtl'>(() => (RIGHT_TO_LEFT.includes(current.value) ? 'rtl' : 'ltr'))

/**
 * Numbers in sentences are written as everywhere else, with their groups; which form of a word they take stays as it is.
 * In its place before anything asks for words: templates and components get the same one.
 */
const plain = i18n.global.t.bind(i18n.global) as (...given: unknown[]) => string
i18n.global.t = (key: unknown, ...given: unknown[]) => {
  const [first, ...rest] = given
  if (typeof first === 'number') return plain(key, { n: written(first), count: written(first) }, first, ...rest)
  if (typeof first !== 'object' || first === null || Array.isArray(first)) return plain(key, ...given)
  const named = first as Record<string, unknown>
  const entries = Object.entries(named).map(([name, value]) => [
    name,
    typeof value === 'number' ? written(value) : value,
  ])
  const form = typeof named.n === 'number' && rest.length === 0 ? [named.n] : rest
  return plain(key, Object.fromEntries(entries), ...form)
}

const written = (value: number): string => formatCount(value, locale.value)

/** A word in the language in use, and whether there is one. */
export const t = i18n.global.t.bind(i18n.global)
export const te = i18n.global.te.bind(i18n.global)

/** Speaks a language from now on; `system` is the first of the system's that there is. */
export async function setLanguage(wanted: string): Promise<void> {
  const language = known(wanted) ?? firstOf(wanted === 'system' ? navigator.languages : [])
  const load = LOADERS[language]
  if (load) {
    const { words } = await load()
    i18n.global.setLocaleMessage(language, RIGHT_TO_LEFT.includes(language) ? isolated(words) : words)
  }
  const active = i18n.global.locale as Ref<string>
  active.value = language
  current.value = language
  document.documentElement.lang = language
  document.documentElement.dir = direction.value
}

/**
 * Words of a language that reads from the right, with what is put into them kept apart: the name of a file is read in its
 * own direction, and what stands around it is not drawn to its other side.
 */
export function isolated<Tree extends object>(words: Tree): Tree {
  const entries = Object.entries(words).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'string' ? value.replaceAll(/\{(\w+)\}/g, '\u2068{$1}\u2069') : isolated(value as object),
  ])
  return Object.fromEntries(entries) as Tree
}

/** A name or a figure inside of a sentence that is put together, kept apart as in {@link isolated}. */
export function apart(text: string): string {
  return direction.value === 'rtl' ? `\u2068${text}\u2069` : text
}

function known(name: string): Language | null {
  return Object.hasOwn(LANGUAGES, name) ? (name as Language) : null
}

function firstOf(names: readonly string[]): Language {
  for (const name of names) {
    const found = known(name) ?? known(name.split('-')[0] ?? '') ?? (name.startsWith('zh') ? known('zh-CN') : null)
    if (found) return found
  }
  return 'en'
}
