import { defineCommand, IMAGE_OPTIONS, JSON_LINES, STREAMS } from '../../command'

export const hash = defineCommand({
  name: 'hash',
  operands: 'IMAGE [PATH …]',
  summary: 'SHA-256 or BLAKE3 of its files, as sha256sum writes them',
  about: [
    'Writes the sums of the files at or below each PATH (or of all), one a line, as “sha256sum -c” and “b3sum -c” check them.',
  ],
  options: {
    algorithm: {
      type: 'string',
      short: 'a',
      value: 'NAME',
      choices: ['sha256', 'blake3'],
      about: 'sha256 (default) or blake3',
    },
    json: JSON_LINES,
    streams: STREAMS,
    ...IMAGE_OPTIONS,
  },
  examples: [['hash disc.iso > sums', 'what sha256sum checks once the image is extracted']],
})
