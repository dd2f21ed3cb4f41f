import fs from 'node:fs'
import path from 'node:path'
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
    if (byteLength !== outline.byteLength || modified !== outline.modified)
      throw new AuthorError(
        'SOURCE_CHANGED',
        `${outline.source.name} was changed since this project was begun. Open it as it is now, and begin anew.`,
      )
    return readProjectBase(opened.image, outline.view)
  }

  /** Opened, once. */
  open(source: ImageSource): Promise<OpenedLocation> {
    return kept(this.opened, JSON.stringify(source), () => this.openImage(source))
  }

  /**
   * Files and folders of this computer.
   * @param output a file that is about to be written, and left out where it lies in one of the folders
   * @throws {AuthorError} `NO_SUCH_FILE` where none of them is there; one alone that is not is left out
   */
  files(paths: readonly string[], output?: string): { nodes: AuthorNode[]; leftOut: LeftOut[] } {
    const requests = paths.map((each) => ({ path: each, at: path.basename(each) || 'disk' }))
    const { root, leftOut } = collect(requests, { leavesOutMissing: true, ...(output === undefined ? {} : { output }) })
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

  /** Sentences about files that were written to since they were opened. */
  async rewritten(): Promise<string[]> {
    const opened = await Promise.all(this.opened.values())
    return opened.flatMap((each) => each.rewritten().map(({ message }) => message))
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.opened.values())
    this.opened.clear()
    this.trees.clear()
    for (const each of opened) if (each.status === 'fulfilled') await each.value.close()
  }
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
