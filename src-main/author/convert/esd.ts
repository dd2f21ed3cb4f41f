import type { ByteSource, DiscImage, ScratchFile } from '../../image'
import type { Control } from '../../task'
import { AuthorError } from '../author-error'
import { makeNode, type AuthorContent, type AuthorNode } from '../author-tree'
import { readImageTree, type ImageTree } from '../edit/image-tree'
import { PackedImages } from '../wim/images'
import { keepPacked } from '../wim/keep-packed'
import { repack } from '../wim/repack'

/** How the images of an installer lie in one file: the disc's own files, two systems that start, then the editions. */
const MEDIA = 1
const STARTED = [2, 3] as const
const FIRST_EDITION = 4

export interface EsdDisc {
  tree: ImageTree
  /** Ends what the tree still needs while it is written. */
  close: () => Promise<void>
}

export interface EsdRequest {
  /** The file, as it is. */
  source: ByteSource
  /** For messages. */
  name: string
  /** Room for the system that starts, packed anew. */
  openScratch: () => Promise<ScratchFile>
  control: Control
}

/**
 * The tree of a Windows installer that comes as one file (ESD): the first image is the disc; the second and third, which
 * start, become `sources/boot.wim`, packed so that a machine that starts can read it; all others stay packed as they are
 * in `sources/install.esd`.
 * @throws {AuthorError} `BAD_REQUEST` where it is no such file
 */
export async function esdDisc(image: DiscImage, { source, name, openScratch, control }: EsdRequest): Promise<EsdDisc> {
  const images = await PackedImages.open(source, name)
  if (images === null) throw inParts(name, image)
  if (images.count < FIRST_EDITION) throw unknown(name, image)
  const tree = await readImageTree(image, `wim@${MEDIA}`)
  const systems = await Promise.all(STARTED.map((index) => readImageTree(image, `wim@${index}`)))
  const isInstaller =
    folderAt(tree.root, 'sources') !== null &&
    folderAt(tree.root, 'windows') === null &&
    systems.every(({ root }) => folderAt(root, 'windows') !== null)
  if (!isInstaller) throw unknown(name, image)
  const editions = Array.from({ length: images.count - FIRST_EDITION + 1 }, (_, index) => FIRST_EDITION + index)
  const install = await keepPacked(images, editions, `${name} (sources/install.esd)`)
  const boot = await repack(images, STARTED, {
    origin: `${name} (sources/boot.wim)`,
    bootIndex: STARTED.length,
    scratch: await openScratch(),
    control,
  })
  const sources = folderAt(tree.root, 'sources')
  if (sources !== null) {
    put(sources, 'boot.wim', boot.content)
    put(sources, 'install.esd', install)
  }
  return { tree, close: boot.close }
}

function unknown(name: string, image: DiscImage): AuthorError {
  return new AuthorError(
    'BAD_REQUEST',
    `${name} is no installer of Windows in one file: that has the disc as its first image, two that start behind it, and then the editions. ${chooseOne(image)}`,
  )
}

function inParts(name: string, image: DiscImage): AuthorError {
  return new AuthorError(
    'BAD_REQUEST',
    `${name} is the first part of Windows images in parts (.swm), and an installer is made of one file alone: join the parts to a .wim or .esd first, as by “wimlib-imagex join”. ${chooseOne(image)}`,
  )
}

function chooseOne({ info }: DiscImage): string {
  const ids = info.views.filter(({ kind }) => kind === 'wim').map(({ id }) => id)
  return `Or choose one of its images by --view (${ids.slice(0, 8).join(', ')}${ids.length > 8 ? ', …' : ''}).`
}

/** Windows takes letters of either kind for the same. */
function folderAt(root: AuthorNode, name: string): AuthorNode | null {
  return root.children.find((each) => each.kind === 'directory' && each.name.toLowerCase() === name) ?? null
}

function put(folder: AuthorNode, name: string, content: AuthorContent): void {
  folder.children = folder.children.filter((each) => each.name.toLowerCase() !== name)
  folder.children.push(makeNode({ name, kind: 'file', content, modified: folder.modified }))
}
