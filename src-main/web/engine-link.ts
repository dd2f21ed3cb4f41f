/**
 * What the host needs of an engine: clients that post messages of the contract and hear its answers and events. The
 * engine's own link fits it, and so does the stand-in of the tests.
 */
export interface EngineLink {
  post(client: number, message: unknown): void
  openClient(listener: (message: unknown) => void): number
  closeClient(client: number): void
  close(): Promise<void>
}
