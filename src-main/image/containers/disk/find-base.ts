import type { BaseDisk, ContainerContext } from '../container'

/** Files beside the image that are looked at. */
const LOOKED_AT_LIMIT = 256
const HEAD_LENGTH = 512

/**
 * A disk that is known by its identity alone, among the files beside the image.
 * @param format the container that it is, whose id is the extension of the files that are looked at
 * @param isMeant whether a file that begins so is the one
 */
export async function findBase(
  context: ContainerContext,
  format: string,
  isMeant: (head: Uint8Array) => boolean,
): Promise<BaseDisk | null> {
  const { name, options } = context
  const names = (await options.listSiblings?.()) ?? []
  const like = names.filter((each) => each !== name && each.toLowerCase().endsWith(`.${format}`))
  for (const each of like.slice(0, LOOKED_AT_LIMIT)) {
    const source = (await options.openSibling?.(each)) ?? null
    if (source === null) continue
    const head = await source.read(0, HEAD_LENGTH)
    await source.close()
    if (isMeant(head)) return context.openBase(each, format)
  }
  return null
}
