import { defineCommand } from '../../command'

export const protect = defineCommand({
  name: 'protect',
  operands: 'IMAGE',
  summary: 'error correction beside an image',
  about: [
    'Writes an error correction file of dvdisaster (RS03) for an image: with it, “isolde rescue”, and dvdisaster itself, mend sectors that are lost later. Keep it on another disk than the image.',
    'The file appears whole or not at all. Error correction that already exists stays as it is, unless --replace says that it is to be made anew: of an image that has changed since.',
  ],
  options: {
    to: {
      type: 'string',
      value: 'FILE',
      takes: 'file',
      about: 'the file to write; IMAGE with .ecc in place of its ending, otherwise',
    },
    redundancy: {
      type: 'string',
      value: 'PERCENT',
      about:
        'how large it is beside the image, from 3.3 to 200; 20 by default. As much may be lost, where it is spread evenly',
    },
    replace: { type: 'boolean', about: 'make existing error correction anew; replaces no other file' },
    json: { type: 'boolean', about: 'one JSON object' },
    progress: { type: 'boolean', about: 'show progress on standard error even where that is no terminal' },
  },
  examples: [['protect backup.iso --to /media/other/backup.ecc', 'insurance, on another disk']],
})
