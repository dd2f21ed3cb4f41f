/** The lines between the engine's threads: calls, answers and notices over a port, and threads that have one. */
export { type Methods, Peer, type PeerPort, type Served } from './peer'
export { onThreadTrouble, startThread, type Thread } from './threads'
