import { because, inWords, type Said } from '../../../src-shared/model'
import type { ProjectNode } from './project-tree'

/** What has become of something since it was put into a project. */
export interface SourceChange {
  /** In the image. */
  path: string
  kind: 'gone' | 'resized' | 'appeared'
  /** Of a file, in bytes, when it was added and now. */
  before: number
  now: number
}

/**
 * What is otherwise in a tree whose sources were looked at again. Of a folder that is gone, or that has appeared, the
 * folder alone is named.
 */
export function* sourceChanges(before: ProjectNode, now: ProjectNode, path = ''): Generator<SourceChange> {
  // Folders that nothing has become of are shared only within one reading: each is looked into.
  for (const [key, was] of before.children ?? []) {
    const is = now.children?.get(key)
    const own = path === '' ? was.name : `${path}/${was.name}`
    if (is === undefined) yield { path: own, kind: 'gone', before: was.byteLength, now: 0 }
    else if (was.children !== null && is.children !== null) yield* sourceChanges(was, is, own)
    else if (was.byteLength !== is.byteLength || (was.children === null) !== (is.children === null))
      yield { path: own, kind: 'resized', before: was.byteLength, now: is.byteLength }
  }
  for (const [key, is] of now.children ?? [])
    if (before.children?.has(key) !== true)
      yield { path: path === '' ? is.name : `${path}/${is.name}`, kind: 'appeared', before: 0, now: is.byteLength }
}

/** A change as a sentence that says what is done about it. */
export function saidOfChange({ path, kind, before, now }: SourceChange): Said {
  switch (kind) {
    case 'gone':
      return {
        message: `“${path}” no longer exists, and will not be in the image.`,
        details: because('sourceGone', { path }),
      }
    case 'resized':
      return {
        message: `“${path}” had ${inWords(before)} when it was added, and has ${inWords(now)} now. It is written as it is now.`,
        details: because('sourceResized', { path, before, now }),
      }
    case 'appeared':
      return {
        message: `“${path}” is new in its folder since that was added, and will be in the image.`,
        details: because('sourceAppeared', { path }),
      }
  }
}
