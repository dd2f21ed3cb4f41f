import type { EntrySelection, JobStart } from '../../../src-shared/contract'
import { IsoldeError } from '../../../src-shared/contract/errors'
import type { ChildSelection } from '../../../src-shared/model'
import { kindOf, type ImageSource, type StartContext } from '../../jobs'
import type { JobServices } from './services'

type ImageRef = { image: number; generation: number }

/** Makes a job of what a window asks for, and adds it to the queue. @param isPart see `JobSnapshot` @returns its id */
export async function startJob(services: JobServices, { kind, spec }: JobStart, isPart = false): Promise<string> {
  const prepared = await kindOf({ kind }).prepare(spec as never, contextOf(services))
  return services.jobs.add(prepared.spec, prepared.sourceName, prepared.secret ?? null, isPart)
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

function contextOf(services: JobServices): StartContext {
  const { images } = services
  const openSource = (image: number, generation?: number): ImageSource => {
    const { opened, charset } = images.get(image, generation)
    const { location, info } = opened
    const { kind, path, inside } = location
    const byteLength = location.byteLength ?? null
    return { kind, path, name: location.name ?? info.name, byteLength, inside, charset }
  }
  return {
    source({ image, generation }) {
      images.readable(image, generation)
      return openSource(image, generation)
    },
    async knownSource(image) {
      const open = images.find(image)
      if (open && !open.opened.isRemembered) return openSource(image)
      const known = await services.library().peer.call('source', { imageId: image })
      if (!known) throw new IsoldeError('ENTRY_GONE', 'The image is not in the catalog any more. Open it again.')
      const { path, inside, name } = known.record
      return { kind: 'path', path, name, byteLength: null, inside, charset: known.charset }
    },
    nameOf: ({ image, generation }) => images.get(image, generation).opened.info.name,
    selection: (ref) => selectionOf(services, ref),
  }
}
