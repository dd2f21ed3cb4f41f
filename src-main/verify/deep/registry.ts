import type { DeepKind } from './deep-kind'
import { gzip } from './gzip'
import { png } from './png'
import { zip } from './zip'

/** Every kind that `--deep` looks into: a file and a line. */
export const DEEP_KINDS: readonly DeepKind[] = [zip, gzip, png]
