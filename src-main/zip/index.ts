export { ZipWriter, type ZipOptions } from './writer'
export type { ZipEntry } from './records'
export { PackingThread } from './packing-thread'
