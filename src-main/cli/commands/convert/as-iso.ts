import path from 'node:path'
import {
  checkImage,
  esdDisc,
  openScratchFile,
  planImage,
  PRESETS,
  readImageTree,
  type AuthorOptions,
  type ImageTree,
  type OpenedLocation,
} from '../../../engine'
import type { ValuesOf } from '../../arguments'
import { LABEL_LIMIT } from '../../command'
import { leaveOutDamaged } from '../../damaged-source'
import { EXIT, UsageError } from '../../exit-status'
import { watchInterrupts } from '../../interrupts'
import { sourceDate } from '../../iso-time'
import { warn } from '../../output'
import { ImageReport, writeImage } from '../../write-image'
import type { convert } from './definition'

/** Views that are no trees of files, but what lies around them. */
const NO_FILES = new Set(['partitions', 'tracks', 'boot', 'el-torito'])

/** Checks of what reading the tree tells as well. */
const SAID_ELSEWHERE = new Set(['structures', 'length', 'contents'])

interface Request {
  opened: OpenedLocation
  imagePath: string
  target: string
  values: ValuesOf<typeof convert>
}

/**
 * `isolde convert IMAGE OUT.iso --as iso`: the files of a tree as a new image; an installer of Windows that comes as one
 * file becomes the disc that it stands for.
 */
export async function writeAsIso({ opened, imagePath, target, values }: Request): Promise<number> {
  const { image } = opened
  const view = image.info.views.find(({ id }) => id === (values.view ?? image.info.defaultViewId))
  if (view === undefined) throw new UsageError(`${imagePath} has no view “${values.view ?? ''}”.`, 'convert')
  if (NO_FILES.has(view.kind))
    throw new UsageError(
      `The view “${view.id}” of ${imagePath} has no files. Choose another one with --view.`,
      'convert',
    )
  const report = new ImageReport(target, values)
  if (!(await givesItsSums())) return EXIT.refused
  // A single image is what is meant, whatever it holds; of several, those of an installer stand for one disc.
  const isOne = view.kind !== 'wim' || image.info.views.filter(({ kind }) => kind === 'wim').length === 1
  if (isOne || values.view !== undefined) {
    const tree = await readImageTree(image, view.id)
    return writeTree(tree, PRESETS.data, view.volumeName || image.info.label)
  }
  const stop = watchInterrupts()
  let disc: Awaited<ReturnType<typeof esdDisc>>
  try {
    disc = await esdDisc(image, {
      source: image.blocks,
      name: imagePath,
      openScratch: () => openScratchFile(imagePath, Infinity),
      control: { checkpoint: () => stop.checkpoint(), progress: () => undefined },
    })
  } finally {
    stop.end()
  }
  try {
    return await writeTree(disc.tree, PRESETS.windows, path.parse(target === '-' ? 'WINDOWS' : target).name)
  } finally {
    await disc.close()
  }

  /** Whatever sums the image carries: once its files are in another image, nothing speaks against them any more. */
  async function givesItsSums(): Promise<boolean> {
    const control = { checkpoint: () => stop.checkpoint(), progress: () => undefined }
    const request = { image, file: opened.file, path: null, name: imagePath, viewId: view?.id ?? '', isDeep: false }
    const none = { sums: [], signature: null, keys: [], storedKeys: [] }
    const stop = watchInterrupts()
    try {
      const { checks } = await checkImage({ ...request, ...none }, control)
      const failed = checks.filter(({ kind, verdict }) => verdict !== 'passed' && !SAID_ELSEWHERE.has(kind))
      for (const { detail } of failed) report.fate('damaged', detail)
      if (failed.length === 0) return true
      report.problems += failed.length
      if (values['allow-damaged'] === true) return true
      report.flush()
      warn('Its own sums speak against it. With --allow-damaged the new image is made all the same.')
      return false
    } finally {
      stop.end()
    }
  }

  async function writeTree(tree: ImageTree, preset: AuthorOptions, label: string): Promise<number> {
    for (const { message } of tree.lost) report.fate('lost', `${imagePath}: ${message}`)
    report.problems += tree.lost.length
    if (!leaveOutDamaged(tree, report, values['allow-damaged'] === true)) return EXIT.refused
    const options: AuthorOptions = { ...preset, label: label.slice(0, LABEL_LIMIT) || 'IMAGE', date: sourceDate() }
    return writeImage(await planImage(tree.root, options), {
      target,
      report,
      isDryRun: false,
      progress: values.progress,
      problemsAfter: () => opened.rewritten(),
    })
  }
}
