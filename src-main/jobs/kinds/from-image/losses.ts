import { because, type Said, saidOf } from '../../../../src-shared/model'
import type { DiscImage, PlainImage } from '../../../image'

/** What is lacking, and why. */
export type Loss = Said & { code: string }

/**
 * What a plain image lacks of the image that it was made of; each with a sentence.
 * @param problem what the image's own sums say against the bytes that were written; null for nothing
 */
export function lossesOf(image: DiscImage, plain: PlainImage, problem: string | null): Loss[] {
  const losses: Loss[] = []
  const { status, missingByteLength } = image.info.completeness
  if (status === 'truncated')
    losses.push({
      code: 'IMAGE_TRUNCATED',
      message: `The image is ${missingByteLength} bytes short, and so is what was made of it.`,
      details: because('imageShort', { missing: missingByteLength }),
    })
  const damage = image.diagnostics.find(({ severity, code }) => severity === 'damage' && code !== 'IMAGE_TRUNCATED')
  if (damage)
    losses.push({
      code: 'IMAGE_DAMAGED',
      message: `The image is damaged: ${damage.message}`,
      details: because('imageDamaged', { fault: saidOf(damage) }),
    })
  if (problem !== null) losses.push({ code: 'IMAGE_DAMAGED', message: `The image is damaged: ${problem}` })
  if (plain.leftOut.length > 0)
    losses.push({
      code: 'LEFT_OUT',
      message: `A plain image cannot hold everything. Left out: ${plain.leftOut.map(({ message }) => message).join('; ')}.`,
      details: because('plainLacks', { what: plain.leftOut }),
    })
  return losses
}
