import { IsoldeError } from '../../../src-shared/contract/errors'
import { because } from '../../../src-shared/model'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** Images as drives. */
export function mountHandlers({ images, mounts, options }: EngineServices): Domain<'mounts'> {
  return {
    'mounts.start': async ({ image, generation, view }) => {
      const { opened, charset } = images.get(image, generation)
      const { location } = opened
      if (location.kind !== 'path')
        throw new IsoldeError('UNSUPPORTED_HERE', 'Only an image that lies on this computer can be mounted.')
      const find = location.inside.find(({ runs }) => runs !== undefined)
      if (find)
        throw new IsoldeError(
          'UNSUPPORTED_HERE',
          `“${find.path}” has no file of its own yet. Save it first.`,
          because('saveFirst', { name: find.path }),
        )
      const inside = location.inside.map(({ path }) => path)
      return mounts.start({ path: location.path, inside, charset, view, at: null, home: options.home })
    },
    'mounts.list': () => ({ mounts: mounts.list() }),
    'mounts.end': async ({ mountPoint }) => {
      await mounts.end(mountPoint)
      return {}
    },
  }
}
