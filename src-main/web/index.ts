export type { EngineLink } from '../engine'
export { startWebHost, type WebHost, type WebHostOptions } from './web-host'
