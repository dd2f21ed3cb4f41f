/** What a host may begin before it loads the engine itself: nothing here loads more than a thread needs. */
export { prewarmWriterThread } from '../extract/writer-thread'
