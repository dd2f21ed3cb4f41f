import type { CommandDefinition } from './command'
import { burn } from './commands/burn/definition'
import { cat } from './commands/cat/definition'
import { catalog } from './commands/catalog/definition'
import { compare } from './commands/compare/definition'
import { convert } from './commands/convert/definition'
import { create } from './commands/create/definition'
import { drives } from './commands/drives/definition'
import { edit } from './commands/edit/definition'
import { erase } from './commands/erase/definition'
import { extract } from './commands/extract/definition'
import { find } from './commands/find/definition'
import { hash } from './commands/hash/definition'
import { identify } from './commands/identify/definition'
import { info } from './commands/info/definition'
import { keys } from './commands/keys/definition'
import { list } from './commands/list/definition'
import { mount } from './commands/mount/definition'
import { mounts } from './commands/mounts/definition'
import { read } from './commands/read/definition'
import { protect } from './commands/protect/definition'
import { rescue } from './commands/rescue/definition'
import { search } from './commands/search/definition'
import { serve } from './commands/serve/definition'
import { unmount } from './commands/unmount/definition'
import { verify } from './commands/verify/definition'
import { write } from './commands/write/definition'

export interface Command {
  definition: CommandDefinition
  /** The command's code is loaded when it is asked for: `list` needs no database, `info` no server. */
  load: () => Promise<{ run: (args: string[]) => Promise<number> }>
}

/** Every command, in the order in which they are told of. */
export const COMMANDS: readonly Command[] = [
  { definition: info, load: () => import('./commands/info/run') },
  { definition: list, load: () => import('./commands/list/run') },
  { definition: extract, load: () => import('./commands/extract/run') },
  { definition: cat, load: () => import('./commands/cat/run') },
  { definition: convert, load: () => import('./commands/convert/run') },
  { definition: create, load: () => import('./commands/create/run') },
  { definition: edit, load: () => import('./commands/edit/run') },
  { definition: verify, load: () => import('./commands/verify/run') },
  { definition: rescue, load: () => import('./commands/rescue/run') },
  { definition: find, load: () => import('./commands/find/run') },
  { definition: protect, load: () => import('./commands/protect/run') },
  { definition: identify, load: () => import('./commands/identify/run') },
  { definition: keys, load: () => import('./commands/keys/run') },
  { definition: hash, load: () => import('./commands/hash/run') },
  { definition: compare, load: () => import('./commands/compare/run') },
  { definition: drives, load: () => import('./commands/drives/run') },
  { definition: write, load: () => import('./commands/write/run') },
  { definition: erase, load: () => import('./commands/erase/run') },
  { definition: read, load: () => import('./commands/read/run') },
  { definition: burn, load: () => import('./commands/burn/run') },
  { definition: mount, load: () => import('./commands/mount/run') },
  { definition: unmount, load: () => import('./commands/unmount/run') },
  { definition: mounts, load: () => import('./commands/mounts/run') },
  { definition: search, load: () => import('./commands/search/run') },
  { definition: catalog, load: () => import('./commands/catalog/run') },
  { definition: serve, load: () => import('./commands/serve/run') },
]
