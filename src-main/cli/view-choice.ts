import { IsoldeError, type DiscImage, type ImageView } from '../engine'
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

/** Says on standard error what a listing by itself would hide. */
export function warnAboutDiagnostics(image: DiscImage, from: 'warning' | 'damage'): void {
  const shown = image.diagnostics.filter(
    (diagnostic) => diagnostic.severity === 'damage' || diagnostic.severity === from,
  )
  for (const diagnostic of shown.slice(0, 10)) warn(`${image.info.name}: ${diagnostic.message}`)
  if (shown.length > 10) warn(`${image.info.name}: and ${shown.length - 10} more; “isolde info” lists them all.`)
}
