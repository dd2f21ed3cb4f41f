/// <reference types="vite/client" />

/** A page of the handbook: `docs/handbook/<id>.md`, which begins with its title as a heading. */
export interface HandbookPage {
  id: string
  title: string
  text: string
}

/** In the order in which one meets the tasks. */
const ORDER = ['open', 'find', 'extract', 'verify', 'compare', 'library', 'make', 'write', 'keys']

const texts: Record<string, string> = import.meta.glob('../../../docs/handbook/*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const pictures: Record<string, string> = import.meta.glob('../../../docs/handbook/*.png', {
  query: '?url',
  import: 'default',
  eager: true,
})

/** Every page, as the program brings it along. */
export const PAGES: readonly HandbookPage[] = ORDER.flatMap((id) => {
  const text = texts[`../../../docs/handbook/${id}.md`]
  return text === undefined ? [] : [{ id, text, title: /^# (.+)$/m.exec(text)?.[1] ?? id }]
})

/** Where a picture of a page lies; null where there is none of that name. */
export function pictureAddress(name: string): string | null {
  return pictures[`../../../docs/handbook/${name}`] ?? null
}

/** The page that a link on another one leads to; null where it leads elsewhere. */
export function pageOfLink(target: string): HandbookPage | null {
  return PAGES.find(({ id }) => target === `${id}.md`) ?? null
}
