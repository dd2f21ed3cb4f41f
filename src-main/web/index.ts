export type { EngineLink } from './engine-link'
export { startWebHost, type WebHost, type WebHostOptions } from './web-host'
