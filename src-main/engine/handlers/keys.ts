import path from 'node:path'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { KeyStore, type StoredKey } from '../../trust'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

const told = ({ fingerprint, owner, kind }: StoredKey) => ({ fingerprint, owner, kind })

/** The keys that a person trusts, in the profile. */
export function keyHandlers({ options }: EngineServices): Domain<'keys'> {
  const store = new KeyStore(path.join(options.home, 'keys'))
  return {
    'keys.list': async () => ({ keys: (await store.list()).map(told) }),
    'keys.add': async ({ path: file, fingerprint }) => {
      const added = await store.add(path.resolve(file), fingerprint)
      if (added.length === 0)
        throw new IsoldeError(
          'BAD_REQUEST',
          `“${path.basename(file)}” holds no public key of OpenPGP, signify or minisign.`,
        )
      return { keys: added.map(told) }
    },
    'keys.remove': async ({ fingerprint }) => {
      const removed = await store.remove(fingerprint)
      if (removed === 'none' || removed === 'several')
        throw new IsoldeError('BAD_REQUEST', 'That key is not among those that are trusted.')
      return {}
    },
  }
}
