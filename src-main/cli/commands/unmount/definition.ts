import { defineCommand, JSON_LINES } from '../../command'

export const unmount = defineCommand({
  name: 'unmount',
  operands: 'IMAGE|DIR …',
  summary: 'ends what “isolde mount” began',
  about: ['Unmounts by the image or by the folder. Where a program still has something open on it, that is named.'],
  options: { json: JSON_LINES },
  examples: [['unmount debian.iso', 'wherever it is mounted']],
})
