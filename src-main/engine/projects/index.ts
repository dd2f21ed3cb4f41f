export { assertName } from './assert-name'
/** Images that are being put together: what was done to each, what it is now, and what would be written. */
export type { ProjectMethods } from './project-service'
