/** Languages by their own names. English is always there; the others are loaded when they are chosen. */
export const LANGUAGES = {
  ar: 'العربية',
  de: 'Deutsch',
  en: 'English',
  es: 'Español',
  ja: '日本語',
  'zh-CN': '简体中文',
} as const
export type Language = keyof typeof LANGUAGES
