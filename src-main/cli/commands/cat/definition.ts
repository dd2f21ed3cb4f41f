import { defineCommand, IMAGE_OPTIONS, STREAMS } from '../../command'

export const cat = defineCommand({
  name: 'cat',
  operands: 'IMAGE PATH',
  summary: 'one file’s bytes to standard output',
  about: ['Writes one file’s bytes to standard output.'],
  options: { streams: STREAMS, ...IMAGE_OPTIONS },
  examples: [['cat debian.iso README.txt', 'reads a file without extracting it']],
})
