import type { DiscImage, PlainImage } from '../../../image'

/**
 * What a plain image lacks of the image that it was made of; each with a sentence.
 * @param problem what the image's own sums say against the bytes that were written; null for nothing
 */
export function lossesOf(
  image: DiscImage,
  plain: PlainImage,
  problem: string | null,
): { code: string; message: string }[] {
  const losses: { code: string; message: string }[] = []
  const { status, missingByteLength } = image.info.completeness
  if (status === 'truncated')
    losses.push({
      code: 'IMAGE_TRUNCATED',
      message: `The image is ${missingByteLength} bytes short, and so is what was made of it.`,
    })
  const damage = image.diagnostics.find(({ severity, code }) => severity === 'damage' && code !== 'IMAGE_TRUNCATED')
  if (damage) losses.push({ code: 'IMAGE_DAMAGED', message: `The image is damaged: ${damage.message}` })
  if (problem !== null) losses.push({ code: 'IMAGE_DAMAGED', message: `The image is damaged: ${problem}` })
  if (plain.leftOut.length > 0)
    losses.push({
      code: 'LEFT_OUT',
      message: `A plain image cannot hold everything. Left out: ${plain.leftOut.join('; ')}.`,
    })
  return losses
}
