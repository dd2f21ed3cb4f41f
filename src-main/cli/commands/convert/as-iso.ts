import path from 'node:path'
import {
  checkImage,
  esdDisc,
  bootsNotConverted,
  filmPlacesOf,
  notConverted,
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
import { EXIT } from '../../exit-status'
import { watchInterrupts } from '../../interrupts'
import { sourceDate } from '../../iso-time'
import { warn } from '../../output'
import { filesView } from '../../view-choice'
import { ImageReport, writeImage } from '../../write-image'
import type { convert } from './definition'

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
  const view = filesView(image.info, values.view, imagePath, 'convert')
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
    const request = { image, file: opened.file, path: null, name: imagePath, viewId: view.id, isDeep: false }
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
    for (const { message } of tree.otherwise) report.fate('lost', `${imagePath}: ${message}`)
    for (const { message } of [...tree.lost, ...(await notConverted(image, view))])
      report.missing(`${imagePath}: ${message}`)
    if (label.length > LABEL_LIMIT)
      report.missing(`${imagePath}: The label “${label}” has more than ${LABEL_LIMIT} characters, and is cut.`)
    if (!leaveOutDamaged(tree, report, values['allow-damaged'] === true)) return EXIT.refused
    const options: AuthorOptions = { ...preset, label: label.slice(0, LABEL_LIMIT) || 'IMAGE', date: sourceDate() }
    const films = await filmPlacesOf(tree.root, options)
    options.dvdVideo = films.dvdVideo
    const plan = await planImage(tree.root, options)
    for (const { message } of [...films.lost, ...bootsNotConverted(image, plan)])
      report.missing(`${imagePath}: ${message}`)
    return writeImage(plan, {
      target,
      report,
      isDryRun: false,
      progress: values.progress,
      problemsAfter: () => opened.rewritten(),
    })
  }
}
