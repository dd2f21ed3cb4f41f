export type { EngineLink } from '../engine'
export { startWebdavServer, type WebdavOptions, type WebdavServer } from './webdav/webdav-server'
export { startWebHost, type WebHost, type WebHostOptions } from './web-host'
