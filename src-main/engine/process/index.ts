/** The engine as a process: its start, its supervisor, the profile's folder and log. `process.ts` is the entry point. */
export { engineEnvironment } from './engine-environment'
export type { EngineOptions } from './engine-options'
export { startEngine } from './fork-engine'
export { profileFolder } from './home'
export { LOG_LEVELS, logLevelOf, type LogLevel } from './program-log'
export type { ChildMessage, HostMessage } from './process-messages'
export {
  type EngineChild,
  type EngineLink,
  type EngineStopped,
  stoppedEvent,
  Supervisor,
  type SupervisorOptions,
} from './supervisor'
