import type { Details, Diagnostic, DiagnosticSeverity } from '../../../src-shared/model'

/** Of one code this many are kept; a hostile image must not fill memory with complaints about itself. */
const KEPT_PER_CODE = 8
/** For the reports of jobs. */
const KEPT_COSTS = 32

/** What the sums of are compared while it is read: what is packed as a whole, and what a file system says of itself. */
export type SummedWhileRead = 'packed' | 'structures'

/** Collects what was odd about an image. The same oddity met twice is told once. */
export class DiagnosticLog {
  readonly entries: Diagnostic[] = []
  /** Where everything is told as well. */
  private parent: DiagnosticLog | null = null
  private readonly countByCode = new Map<string, number>()
  private readonly seen = new Set<string>()

  /**
   * A log of one walk through a tree: what is told to it counts for the image too, and what it holds is what that walk
   * met, whether or not another has met it before.
   */
  branch(): DiagnosticLog {
    const branch = new DiagnosticLog()
    branch.parent = this
    return branch
  }

  /** Of what sums were compared and fit; of the same kind others may not, which is damage. */
  readonly fitting = new Set<SummedWhileRead>()

  /** A sum that the image carries was compared with what it is of, and fits. */
  fits(of: SummedWhileRead): void {
    this.fitting.add(of)
    this.parent?.fits(of)
  }

  /** Damage that costs something: what had to be skipped, guessed or filled with zeros. */
  readonly costs: Diagnostic[] = []

  add(severity: DiagnosticSeverity, code: string, message: string, byteOffset?: number, details?: Details): void {
    this.parent?.add(severity, code, message, byteOffset, details)
    const count = this.countByCode.get(code) ?? 0
    if (count >= KEPT_PER_CODE) return
    const key = `${code} ${byteOffset ?? message}`
    if (this.seen.has(key)) return
    this.seen.add(key)
    this.countByCode.set(code, count + 1)
    this.entries.push(diagnostic(severity, code, message, byteOffset, details))
  }

  note(code: string, message: string, byteOffset?: number, details?: Details): void {
    this.add('note', code, message, byteOffset, details)
  }

  warn(code: string, message: string, byteOffset?: number, details?: Details): void {
    this.add('warning', code, message, byteOffset, details)
  }

  /** Something is skipped, guessed or filled with zeros: entries may be missing, or other than they were recorded. */
  damage(code: string, message: string, byteOffset?: number, details?: Details): void {
    this.add('damage', code, message, byteOffset, details)
    if (this.costs.length < KEPT_COSTS) this.costs.push(diagnostic('damage', code, message, byteOffset, details))
  }

  /** The medium is damaged, and a twin whose sums fit has everything all the same. */
  recovered(code: string, message: string, byteOffset?: number, details?: Details): void {
    this.add('damage', code, message, byteOffset, details)
  }

  has(code: string): boolean {
    return this.countByCode.has(code)
  }
}

function diagnostic(
  severity: DiagnosticSeverity,
  code: string,
  message: string,
  byteOffset?: number,
  details?: Details,
): Diagnostic {
  return {
    code,
    severity,
    message,
    ...(byteOffset === undefined ? {} : { byteOffset }),
    ...(details === undefined ? {} : { details }),
  }
}
