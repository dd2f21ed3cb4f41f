import { z } from 'zod'
import { command } from './command'
import { absolutePath } from './shapes'

/** A public key whose signatures count. */
export const trustedKey = z.object({
  fingerprint: z.string(),
  /** Whom it says that it belongs to; empty where it does not say. */
  owner: z.string(),
  kind: z.enum(['openpgp', 'ed25519']),
})
const keys = z.object({ keys: z.array(trustedKey) })

/** The keys that a person trusts. */
export const keyCommands = {
  'keys.list': command(z.object({}).default({}), keys),
  /**
   * Takes over every key in a file of this computer, or the one whose fingerprint a person has compared; answers those.
   * `BAD_REQUEST` where it holds none.
   */
  'keys.add': command(z.object({ path: absolutePath, fingerprint: z.string().nullable().default(null) }), keys),
  'keys.remove': command(z.object({ fingerprint: z.string().min(8) }), z.object({})),
} as const
