/** Numbers of clusters: a bit for each, as a volume may have millions. */
export class ClusterSet {
  private readonly bits: Uint8Array

  /** @param end behind the highest number */
  constructor(end: number) {
    this.bits = new Uint8Array(Math.ceil(end / 8))
  }

  has(cluster: number): boolean {
    return ((this.bits[cluster >> 3] ?? 0) & (1 << (cluster & 7))) !== 0
  }

  /** False where it had been there. */
  add(cluster: number): boolean {
    if (this.has(cluster)) return false
    this.bits[cluster >> 3] = (this.bits[cluster >> 3] ?? 0) | (1 << (cluster & 7))
    return true
  }
}
