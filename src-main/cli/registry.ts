import type { CommandDefinition } from './command'
import { cat } from './commands/cat/definition'
import { compare } from './commands/compare/definition'
import { convert } from './commands/convert/definition'
import { create } from './commands/create/definition'
import { edit } from './commands/edit/definition'
import { extract } from './commands/extract/definition'
import { hash } from './commands/hash/definition'
import { identify } from './commands/identify/definition'
import { info } from './commands/info/definition'
import { list } from './commands/list/definition'
import { search } from './commands/search/definition'
import { serve } from './commands/serve/definition'
import { verify } from './commands/verify/definition'

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
  { definition: identify, load: () => import('./commands/identify/run') },
  { definition: hash, load: () => import('./commands/hash/run') },
  { definition: compare, load: () => import('./commands/compare/run') },
  { definition: search, load: () => import('./commands/search/run') },
  { definition: serve, load: () => import('./commands/serve/run') },
]
