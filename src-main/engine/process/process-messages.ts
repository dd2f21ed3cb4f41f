import type { EngineOptions } from './engine-options'

/** What a host tells its engine process. Both ends are this program; what `client` carries is validated by the engine. */
export type HostMessage =
  | { type: 'start'; options: EngineOptions }
  | { type: 'ping' }
  | { type: 'open-client'; client: number }
  | { type: 'close-client'; client: number }
  | { type: 'client'; client: number; message: unknown }
  | { type: 'open-paths'; paths: string[] }
  | { type: 'shutdown' }

/** What the engine process tells its host. */
export type ChildMessage =
  | { type: 'ready' }
  /** It cannot start, however often it is tried; one sentence for people. */
  | { type: 'failed'; reason: string }
  | { type: 'pong'; isBusy: boolean }
  | { type: 'client'; client: number; message: unknown }
