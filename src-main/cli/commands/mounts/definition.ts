import { defineCommand, JSON_LINES } from '../../command'

export const mounts = defineCommand({
  name: 'mounts',
  operands: '',
  summary: 'the images that are mounted, and where',
  about: ['Lists what “isolde mount” has mounted for you. What a crash has left is cleared away.'],
  options: { json: JSON_LINES },
  examples: [['mounts --json', 'one object for each']],
})
