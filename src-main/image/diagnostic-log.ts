import type { Diagnostic, DiagnosticSeverity } from '../../src-shared/model'

/** Of one code this many are kept; a hostile image must not fill memory with complaints about itself. */
const KEPT_PER_CODE = 8

/** Collects what was odd about an image. The same oddity met twice is told once. */
export class DiagnosticLog {
  readonly entries: Diagnostic[] = []
  private readonly countByCode = new Map<string, number>()
  private readonly seen = new Set<string>()

  add(severity: DiagnosticSeverity, code: string, message: string, byteOffset?: number): void {
    const count = this.countByCode.get(code) ?? 0
    if (count >= KEPT_PER_CODE) return
    const key = `${code} ${byteOffset ?? message}`
    if (this.seen.has(key)) return
    this.seen.add(key)
    this.countByCode.set(code, count + 1)
    this.entries.push(byteOffset === undefined ? { code, severity, message } : { code, severity, message, byteOffset })
  }

  note(code: string, message: string, byteOffset?: number): void {
    this.add('note', code, message, byteOffset)
  }

  warn(code: string, message: string, byteOffset?: number): void {
    this.add('warning', code, message, byteOffset)
  }

  damage(code: string, message: string, byteOffset?: number): void {
    this.add('damage', code, message, byteOffset)
  }

  has(code: string): boolean {
    return this.countByCode.has(code)
  }
}
