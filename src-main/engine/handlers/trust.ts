import fs from 'node:fs'
import path from 'node:path'
import { trustReport } from '../../../src-shared/contract'
import { locationKey } from '../../catalog'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** What is known of whether images are whole and genuine. */
export function trustHandlers({ library }: EngineServices): Domain<'trust'> {
  return {
    'trust.report': async ({ location }) => {
      // What was dropped on a page has no file here that could be looked at.
      if (location.kind !== 'path') return { report: null }
      const file = path.resolve(location.path)
      const stat = fs.statSync(file, { throwIfNoEntry: false })
      if (stat === undefined) return { report: null }
      const image = {
        location: locationKey('path', file, location.inside),
        byteLength: stat.size,
        modified: stat.mtimeMs,
      }
      // Of a later version it may say what this one does not understand.
      const { data } = trustReport.safeParse(await library().peer.call('trustReport', image))
      return { report: data ?? null }
    },
  }
}
