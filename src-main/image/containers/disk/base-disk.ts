import { because } from '../../../../src-shared/model'
import { NotAnImageError } from '../../core/disc-image'
import type { BaseDisk, ContainerContext } from '../container'

/** Most disks that may be based on one another. */
export const BASE_LIMIT = 16

/**
 * The name of a file that lies beside the image; null for whatever leads somewhere else: paths, drives, devices, URLs,
 * `json:` descriptions.
 */
export function plainName(name: string): string | null {
  const plain = name.replace(/^(?:\.[\\/])+/, '')
  const isPlain = plain !== '' && plain !== '.' && plain !== '..' && !/[\\/:\0]/.test(plain)
  return isPlain ? plain : null
}

/** Names that lie beside the image come first: some writers give paths as well. Empty ones are left out. */
export function inOrder(names: readonly string[]): string[] {
  const named = names.filter((name) => name !== '')
  return [...named.filter((name) => plainName(name) !== null), ...named.filter((name) => plainName(name) === null)]
}

/** A name that leads out of the image's folder: nothing there is ever opened. */
export function leadsOut(name: string, other: string): NotAnImageError {
  return new NotAnImageError(
    'UNSUPPORTED_CONTAINER',
    `“${name}” needs “${other}”, which does not lie beside it. Only files of the same folder are opened: put it there, and let “${name}” name it without a path.`,
    because('baseMissing', { name, other }),
  )
}

/**
 * The file that an image names, by its plain name beside the image.
 * @param names under which it may lie; those that lead out of the folder are passed over
 * @param format as of {@link ContainerContext.openBase}
 * @returns null where it is not there, which is told
 * @throws {NotAnImageError} where every name leads out, where disks are based on one another in a circle, or more than
 *   {@link BASE_LIMIT} deep
 */
export async function openBase(
  context: ContainerContext,
  names: readonly string[],
  format: string | null,
): Promise<BaseDisk | null> {
  const { name, log } = context
  if (names.length === 0) {
    log.damage('BASE_MISSING', `“${name}” holds only what was changed of another disk, and does not say of which.`)
    return null
  }
  const plain = names.map(plainName).filter((each) => each !== null)
  const [first] = plain
  if (first === undefined) throw leadsOut(name, names[0] ?? '')
  for (const each of plain) {
    const base = await context.openBase(each, format)
    if (base !== null) return base
  }
  log.damage(
    'BASE_MISSING',
    `“${name}” holds only what was changed of “${first}”, which is missing: the rest cannot be read. Put it beside it.`,
    undefined,
    because('baseMissing', { name, other: first }),
  )
  return null
}
