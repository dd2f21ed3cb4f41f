import type { CommandName, CommandOutput, CommandRequest } from '../../src-shared/contract'

export interface Call {
  /** Who asks. */
  client: number
  signal: AbortSignal
}

export type Handlers = {
  [Name in CommandName]: (
    request: CommandRequest<Name>,
    call: Call,
  ) => CommandOutput<Name> | Promise<CommandOutput<Name>>
}
