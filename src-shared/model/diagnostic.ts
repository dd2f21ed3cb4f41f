/** `note`: worth knowing. `warning`: odd, survived. `damage`: content is missing or unreadable because of it. */
export type DiagnosticSeverity = 'note' | 'warning' | 'damage'

/** Something odd about an image that was survived. */
export interface Diagnostic {
  /** Stable, upper case with underscores, such as `BOTH_ENDIAN_MISMATCH`. */
  code: string
  severity: DiagnosticSeverity
  /** One sentence for a person. */
  message: string
  /** Where in the image file, in bytes from its start. */
  byteOffset?: number
}
