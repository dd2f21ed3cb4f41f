import { defineCommand, IMAGE_OPTIONS } from '../../command'

export const convert = defineCommand({
  name: 'convert',
  operands: 'IMAGE OUT.iso',
  summary: 'any container to a plain image',
  about: ['Writes the blocks inside any container as a plain image, and says what such an image cannot hold of it.'],
  options: IMAGE_OPTIONS,
  examples: [['convert game.cue game.iso', 'the data track of a CD as an .iso']],
})
