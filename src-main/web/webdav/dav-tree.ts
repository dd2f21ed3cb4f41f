import { MountTree, type EntryTable } from '../../engine'
import { contentType } from '../../host/media-types'
import { escapeXml, type DavResource } from './dav-xml'

/** How many links may lead to one another. */
const LINK_LIMIT = 16
const ROOT = 0

/** A resource: an entry under the name that it was asked for by, which is another one’s where a link led to it. */
export interface DavNode {
  entry: number
  isFolder: boolean
}

/**
 * A view as WebDAV shows it: files and folders. Symbolic links, which it does not know, are shown as the files that they lead
 * to inside the view; those that lead to folders, elsewhere or nowhere are left out, and so is all else.
 */
export class DavTree {
  private readonly tree: MountTree

  constructor(readonly table: EntryTable) {
    this.tree = new MountTree(table)
  }

  /** @param names decoded, from the root @returns null where there is nothing */
  find(names: readonly Uint8Array[]): DavNode | null {
    let entry = ROOT
    for (const name of names) {
      if (!this.tree.isFolder(entry)) return null
      entry = this.tree.find(entry, name)
      if (entry < 0) return null
    }
    return this.shown(entry)
  }

  /** What lies in a folder, as resources below `href`, which ends with a slash. */
  *children(folder: number, href: string): Generator<DavResource> {
    const first = this.table.firstChildOf(folder)
    for (let entry = first; entry < first + this.table.childCountOf(folder); entry++) {
      const node = this.shown(entry)
      if (node === null) continue
      const name = new TextDecoder().decode(this.tree.nameOf(entry))
      yield this.resource(node, name, `${href}${encodeURIComponent(name)}${node.isFolder ? '/' : ''}`)
    }
  }

  /** RFC 4918 clause 15. @param name what people are shown */
  resource({ entry, isFolder }: DavNode, name: string, href: string): DavResource {
    const properties = new Map<string, string>()
    const modified = this.table.modifiedOf(entry)
    properties.set('displayname', escapeXml(name))
    properties.set('resourcetype', isFolder ? '<D:collection/>' : '')
    if (!Number.isNaN(modified)) {
      properties.set('getlastmodified', httpDate(modified))
      properties.set('creationdate', isoDate(modified))
    }
    if (!isFolder) {
      properties.set('getcontentlength', String(this.table.byteLengthOf(entry)))
      properties.set('getcontenttype', escapeXml(contentType(name)))
      properties.set('getetag', escapeXml(this.tagOf(entry)))
    }
    return { href, properties }
  }

  /** An entity tag: another one for other content, as far as one view goes. */
  tagOf(entry: number): string {
    const modified = this.table.modifiedOf(entry)
    return `"${entry.toString(36)}-${this.table.byteLengthOf(entry).toString(36)}-${(modified || 0).toString(36)}"`
  }

  private shown(entry: number): DavNode | null {
    if (this.tree.isFolder(entry)) return { entry, isFolder: true }
    const file = this.follow(entry)
    return file < 0 ? null : { entry: file, isFolder: false }
  }

  /** The file that an entry is or leads to; −1 without one. */
  private follow(entry: number): number {
    let at = entry
    for (let links = 0; links <= LINK_LIMIT; links++) {
      if (this.tree.isFile(at)) return at
      const target = this.table.targetOf(at)
      if (target === null || target === '' || target.startsWith('/')) return -1
      let folder = this.table.parentOf(at)
      const names = target.split('/').filter((name) => name !== '' && name !== '.')
      for (const [i, name] of names.entries()) {
        if (name === '..' && folder === ROOT) return -1
        const next = name === '..' ? this.table.parentOf(folder) : this.tree.find(folder, Buffer.from(name))
        if (next < 0 || (i < names.length - 1 && !this.tree.isFolder(next))) return -1
        folder = next
      }
      at = folder
    }
    return -1
  }
}

export function httpDate(milliseconds: number): string {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? new Date(0).toUTCString() : date.toUTCString()
}

function isoDate(milliseconds: number): string {
  const date = new Date(milliseconds)
  return (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString()
}
