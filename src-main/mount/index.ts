/** An image as a drive: a file system of its own, read-only, and the notes on what is mounted. */
export { openFile, type FileReader } from './file-reader'
export { serveRequests } from './fuse/serve'
export { FuseServer, type ServerOptions } from './fuse/server'
export { connect } from './linux/connect'
export { allMountPoints, ownMountPoints, unmountPoint } from './linux/unmount'
export { MountError, type MountErrorCode } from './mount-error'
export { newMountPoint, releaseMountPoint, takeMountPoint, type MountPoint } from './mount-point'
export {
  isServed,
  mountBases,
  readRecords,
  removeRecord,
  startOf,
  usableBase,
  writeRecord,
  type MountRecord,
} from './records'
export { MountTree, type TreeNode } from './tree'
