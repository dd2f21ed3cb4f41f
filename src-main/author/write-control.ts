/** Told how far writing is, and asked whether it goes on. */
export interface WriteControl {
  checkpoint: () => void | Promise<void>
  progress: (bytesDone: number, step: 'writing' | 'checking') => void
}
