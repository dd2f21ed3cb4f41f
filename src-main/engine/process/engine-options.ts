import type { LogLevel } from './program-log'

/** What a host starts the engine with. */
export interface EngineOptions {
  /** The profile folder: catalog and settings. */
  home: string
  host: 'desktop' | 'web' | 'process'
  version: string
  openAtStart: string[]
  /** What `isolde.log` in the profile is told; `info` where absent. */
  logLevel?: LogLevel
  /** The engine before this one has died while it started, as it does of native code that crashes: none is loaded. */
  avoidsNativeCode?: boolean
}
