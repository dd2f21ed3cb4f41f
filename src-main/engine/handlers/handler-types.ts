import type { CommandName, CommandOutput, CommandRequest } from '../../../src-shared/contract'

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

/** The commands of a domain: all whose names begin with one of these, such as `image` for `image.open`. */
export type Domain<Prefix extends string> = Pick<Handlers, Extract<CommandName, `${Prefix}.${string}`>>
