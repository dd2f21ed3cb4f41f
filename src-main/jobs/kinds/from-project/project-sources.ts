import fs from 'node:fs'
import path from 'node:path'
import { because, saidOf, type Details, type Said } from '../../../../src-shared/model'
import {
  AuthorError,
  collect,
  nodeAt,
  readImageTree,
  readProjectBase,
  type AuthorNode,
  type ImageTree,
  type LeftOut,
  type ProjectBase,
} from '../../../author'
import { FileByteSource } from '../../../files/file-byte-source'
import type { ImageSource, OpenedLocation } from '../from-image/image-source'
import type { ProjectOutline } from './project-shapes'

/** Images of a project itself, which do not go into it. */
export interface OwnImages {
  /** A file that is about to be written. */
  output?: string
  /** Those that were written before, by `identityOf`. */
  earlier?: ReadonlySet<string>
}

/** What is opened to put a project together: each image once, for as long as its contents may be read. */
export class ProjectSources {
  private readonly opened = new Map<string, Promise<OpenedLocation>>()
  private readonly trees = new Map<string, Promise<ImageTree>>()

  constructor(private readonly openImage: (source: ImageSource) => Promise<OpenedLocation>) {}

  /**
   * The image that a project changes.
   * @throws {AuthorError} `SOURCE_CHANGED` where it is another one than when the project was begun
   */
  async base(outline: NonNullable<ProjectOutline['base']>): Promise<ProjectBase> {
    const opened = await this.open(outline.source)
    const { byteLength, modified } = sizeOf(opened)
    if (byteLength !== outline.byteLength || modified !== outline.modified) throw otherNow(outline.source.name)
    return readProjectBase(opened.image, outline.view)
  }

  /** Opened, once. */
  open(source: ImageSource): Promise<OpenedLocation> {
    return kept(this.opened, JSON.stringify(source), () => this.openImage(source))
  }

  /**
   * Files and folders of this computer.
   * @param images what lies in one of the folders, and is left out
   * @throws {AuthorError} `NO_SUCH_FILE` where none of them is there; one alone that is not is left out
   */
  files(paths: readonly string[], images: OwnImages): { nodes: AuthorNode[]; leftOut: LeftOut[] } {
    const requests = paths.map((each) => ({ path: each, at: path.basename(each) || 'disk' }))
    const { root, leftOut } = collect(requests, { leavesOutMissing: true, ...images })
    const [first] = leftOut
    if (first !== undefined && root.children.length === 0 && paths.every((each) => !isThere(each)))
      throw new AuthorError('NO_SUCH_FILE', first.message, first.details)
    return { nodes: root.children, leftOut }
  }

  /** Entries of an image with what lies below them. @throws {AuthorError} `NO_SUCH_FILE` */
  async entries(source: ImageSource, view: string, paths: readonly string[] | null): Promise<AuthorNode[]> {
    const key = JSON.stringify([source, view])
    const { root } = await kept(this.trees, key, async () => readImageTree((await this.open(source)).image, view))
    if (paths === null) return root.children
    return paths.map((each) => {
      const node = nodeAt(root, each)
      if (node === null) throw new AuthorError('NO_SUCH_FILE', `There is no “${each}” in ${source.name} any more.`)
      return node
    })
  }

  /** About files that were written to since they were opened. */
  async rewritten(): Promise<Said[]> {
    const opened = await Promise.all(this.opened.values())
    return opened.flatMap((each) => each.rewritten().map(saidOf))
  }

  /** Why the image that a project changes is another one by now; null where it is not. Nothing is opened. */
  whyOther({ source, byteLength, modified }: NonNullable<ProjectOutline['base']>): Said | null {
    if (source.kind !== 'path') return null
    const stat = fs.statSync(source.path, { throwIfNoEntry: false })
    if (stat === undefined)
      return {
        code: 'NO_SUCH_FILE',
        message: `“${source.path}” no longer exists.`,
        details: because('fileGone', { name: source.path }),
      }
    const isSame = !stat.isFile() || (stat.size === byteLength && stat.mtimeMs === modified)
    return isSame ? null : { code: 'SOURCE_CHANGED', ...otherImage(source.name) }
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.opened.values())
    this.opened.clear()
    this.trees.clear()
    for (const each of opened) if (each.status === 'fulfilled') await each.value.close()
  }
}

function otherImage(name: string): { message: string; details: Details } {
  return {
    message: `${name} was changed since this project was begun. Open it as it is now, and begin anew.`,
    details: because('otherImageNow', { name }),
  }
}

function otherNow(name: string): AuthorError {
  const { message, details } = otherImage(name)
  return new AuthorError('SOURCE_CHANGED', message, details)
}

/** An image's file as a project remembers it. */
export function sizeOf({ file }: OpenedLocation): { byteLength: number; modified: number | null } {
  return { byteLength: file.byteLength, modified: file instanceof FileByteSource ? file.modified : null }
}

/** What failed is tried again when it is asked for again. */
function kept<Value>(known: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  let value = known.get(key)
  if (value === undefined) {
    value = make().catch((error: unknown) => {
      known.delete(key)
      throw error
    })
    known.set(key, value)
  }
  return value
}

/** Whether something has a path, if only a link that leads nowhere. */
function isThere(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined
}
