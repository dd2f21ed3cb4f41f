import { isTreeOfFiles, type ImageInfo, type ViewInfo } from '../../src-shared/model'
import { IsoldeError, type DiscImage, type ImageView } from '../engine'
import { UsageError } from './exit-status'
import { warn } from './output'

/** The view that `--view` names, or the default one. @throws {IsoldeError} `NO_SUCH_VIEW`, naming those there are */
export function chooseView(image: DiscImage, id: string | undefined): ImageView {
  const wanted = id ?? image.info.defaultViewId
  if (!image.hasView(wanted)) {
    const known = image.info.views.map((view) => view.id).join(', ')
    throw new IsoldeError('NO_SUCH_VIEW', `${image.info.name} has no view “${wanted}”. It has: ${known}.`)
  }
  return image.view(wanted)
}

/**
 * The view of files that is made into another image.
 * @throws {UsageError} where there is none of that name, or it lists what the disc is made of
 */
export function filesView(info: ImageInfo, id: string | undefined, imagePath: string, command: string): ViewInfo {
  const view = info.views.find((each) => each.id === (id ?? info.defaultViewId))
  if (view === undefined) throw new UsageError(`${imagePath} has no view “${id ?? ''}”.`, command)
  if (!isTreeOfFiles(view))
    throw new UsageError(`The view “${view.id}” of ${imagePath} has no files. Choose another one with --view.`, command)
  return view
}

/** Says on standard error what a listing by itself would hide. */
export function warnAboutDiagnostics(image: DiscImage, from: 'warning' | 'damage'): void {
  const shown = image.diagnostics.filter(
    (diagnostic) => diagnostic.severity === 'damage' || diagnostic.severity === from,
  )
  for (const diagnostic of shown.slice(0, 10)) warn(`${image.info.name}: ${diagnostic.message}`)
  if (shown.length > 10) warn(`${image.info.name}: and ${shown.length - 10} more; “isolde info” lists them all.`)
}
