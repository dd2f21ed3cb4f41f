import type { EntrySelection, JobStart } from '../../../src-shared/contract'
import { IsoldeError } from '../../../src-shared/contract/errors'
import type { ChildSelection } from '../../../src-shared/model'
import { kindOf, type ImageSource, type StartContext } from '../../jobs'
import type { JobServices } from './services'

type ImageRef = { image: number; generation: number }

/**
 * Makes a job of what a window asks for, and adds it to the queue.
 * @param isQuiet nobody is told when it ends, as of a kind that is shown elsewhere
 * @returns its id
 */
export async function startJob(services: JobServices, { kind, spec }: JobStart, isQuiet = false): Promise<string> {
  const of = kindOf({ kind })
  const prepared = await of.prepare(spec as never, contextOf(services))
  return services.jobs.add(prepared.spec, prepared.sourceName, prepared.secret ?? null, isQuiet || of.isShownElsewhere)
}

/** What is selected, as an extraction takes it: everything where no paths are named. */
export async function selectionOf(
  services: JobServices,
  { image, generation, view, entries }: ImageRef & { view: string; entries: EntrySelection | null },
): Promise<{ paths: string[] | null; children?: ChildSelection }> {
  if (entries === null) return { paths: null }
  const ref = { imageId: image, generation, view }
  return (await services.queries().peer.call('select', { view: ref, entries })) ?? { paths: null }
}

/** The bytes of an image that is open, or that the catalog knows. @throws {IsoldeError} `ENTRY_GONE` */
export function knownSourceOf(services: JobServices, image: number): Promise<ImageSource> {
  return contextOf(services).knownSource(image)
}

/** The bytes of an open image, as a job or a project remembers them. @throws {IsoldeError} `ENTRY_GONE`, `SOURCE_GONE` */
export function sourceOf({ images }: JobServices, { image, generation }: ImageRef): ImageSource {
  images.readable(image, generation)
  return openSource(images, image, generation)
}

function openSource(images: JobServices['images'], image: number, generation?: number): ImageSource {
  const { opened, charset } = images.get(image, generation)
  const { location, info } = opened
  const { kind, path, inside } = location
  const byteLength = location.byteLength ?? null
  return { kind, path, name: location.name ?? info.name, byteLength, inside, charset }
}

function contextOf(services: JobServices): StartContext {
  const { images } = services
  return {
    source: (ref) => sourceOf(services, ref),
    project: (project, isReleased) => services.projects().peer.call('outline', { project, isReleased }),
    async knownSource(image) {
      const open = images.find(image)
      if (open && !open.opened.isRemembered) return openSource(images, image)
      const known = await services.library().peer.call('source', { imageId: image })
      if (!known) throw new IsoldeError('ENTRY_GONE', 'The image is not in the catalog any more. Open it again.')
      const { path, inside, name } = known.record
      return { kind: 'path', path, name, byteLength: null, inside, charset: known.charset }
    },
    shownView(image) {
      const { generation, info } = images.get(image).opened
      return { imageId: image, generation, view: info.defaultViewId }
    },
    nameOf: ({ image, generation }) => images.get(image, generation).opened.info.name,
    selection: (ref) => selectionOf(services, ref),
  }
}
