import type { ProjectSnapshot } from '../../../src-shared/contract'
import type { ProjectOperation } from '../../jobs'
import { entriesIn } from '../library'
import { selectionOf, sourceOf } from '../jobs'
import { assertName } from '../projects'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'
import { storedView } from './stored-view'

/** Images that are being put together. Everybody is told what each of them has become. */
export function projectHandlers(services: EngineServices): Domain<'project'> {
  const projects = () => services.projects().peer
  const told = async <Answer extends { snapshot: ProjectSnapshot }>(asked: Promise<Answer>): Promise<Answer> => {
    const answer = await asked
    services.emit('project.changed', answer.snapshot)
    return answer
  }
  const changed = async (asked: Promise<ProjectSnapshot>) => told(asked.then((snapshot) => ({ snapshot })))
  const step = (project: string, operation: ProjectOperation) => told(projects().call('do', { project, operation }))

  return {
    'project.create': async ({ image, name }) => {
      const base = image === null ? null : { source: sourceOf(services, image), view: image.view }
      return { snapshot: await projects().call('create', { name, base }) }
    },
    'project.get': async (request) => ({ snapshot: await projects().call('get', request) }),
    'project.look': ({ project }) => changed(projects().call('look', { project })),
    'project.list': async () => ({ projects: await projects().call('list', {}) }),
    'project.rows': (request, { signal }) => projects().call('rows', request, signal),
    'project.rowKeys': (request, { signal }) => projects().call('rowKeys', request, signal),
    'project.findRow': async (request) => ({ position: await projects().call('findRow', request) }),
    'project.contents': (request, { signal }) => projects().call('contents', request, signal),
    'project.add': ({ project, path: at, paths }) => step(project, { op: 'add', paths, at }),
    'project.addEntries': async ({ project, path: at, ...ref }) => {
      const source = sourceOf(services, ref)
      const { view } = ref
      const selection = await selectionOf(services, ref)
      const paths =
        selection.children === undefined
          ? selection.paths
          : await services
              .queries()
              .peer.call('paths', { view: storedView(ref), entries: entriesIn(ref.entries ?? []) })
      return step(project, { op: 'addEntries', source, view, paths, at })
    },
    'project.newFolder': ({ project, path: folder, name }) => {
      assertName(name)
      return step(project, { op: 'folder', path: folder === '' ? name : `${folder}/${name}`, modified: Date.now() })
    },
    'project.rename': (request) => told(projects().call('rename', request)),
    'project.remove': (request) => told(projects().call('remove', request)),
    'project.move': (request) => told(projects().call('move', request)),
    'project.undo': ({ project }) => changed(projects().call('go', { project, by: -1 })),
    'project.redo': ({ project }) => changed(projects().call('go', { project, by: 1 })),
    'project.configure': (request) => changed(projects().call('configure', request)),
    'project.outcome': (request, { signal }) => projects().call('outcome', request, signal),
    'project.names': (request, { signal }) => projects().call('names', request, signal),
    'project.discard': async (request) => {
      const name = await projects().call('discard', request)
      services.emit('project.discarded', { ...request, name })
      return {}
    },
  }
}
