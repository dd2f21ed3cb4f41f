import type { DiagnosticLog } from './diagnostic-log'

/**
 * Tells that what a volume ends with lies in front of its place: bytes are missing between there and the beginning, and
 * what lies behind them is taken for what lies further on.
 * @param byteLength how many are missing
 */
export function tellDisplacedEnd(log: DiagnosticLog, byteLength: number): void {
  log.damage(
    'BYTES_MISSING_INSIDE',
    `What the volume ends with lies ${byteLength} bytes in front of its place: so many are missing somewhere before it, and files behind hold the bytes of others.`,
  )
}
