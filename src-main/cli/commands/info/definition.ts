import { defineCommand, IMAGE_OPTIONS } from '../../command'

export const info = defineCommand({
  name: 'info',
  operands: 'IMAGE',
  summary: 'what the image is, how whole it is, what is odd about it',
  about: ['Says what the image is, which trees it holds, how whole it is, how it boots, and what is odd about it.'],
  options: { json: { type: 'boolean', about: 'one JSON object' }, ...IMAGE_OPTIONS },
  examples: [['info debian.iso', 'what is it, and is it whole?']],
})
