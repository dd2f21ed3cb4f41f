/** Containers' decoders take their input as codecs do. */
export { StreamError, StreamInput, type PullBytes, type StreamReport } from '../../codecs/stream-input'
