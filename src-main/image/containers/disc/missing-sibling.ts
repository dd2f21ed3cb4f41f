import { because } from '../../../../src-shared/model'
import { NotAnImageError } from '../../core/disc-image'

/** A sheet whose data files are not there. */
export function missingSibling(name: string, others: readonly string[]): NotAnImageError {
  const [first = ''] = others
  const more = others.length > 1 ? ` (and ${others.length - 1} more)` : ''
  return new NotAnImageError(
    'NOTHING_READABLE',
    `“${name}” describes the disc in “${first}”${more}, which is not beside it.`,
    because('siblingMissing', { name, file: first }),
  )
}
