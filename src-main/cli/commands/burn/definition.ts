import { defineCommand, IMAGE_OPTIONS, JSON_LINES } from '../../command'

export const burn = defineCommand({
  name: 'burn',
  operands: 'IMAGE --to DRIVE',
  summary: 'an image to a disc, read back and compared',
  about: [
    'Burns by xorriso, cdrskin or wodim, whichever there is, any container unwrapped on the way. A disc that is too small or has something on it is said before anything is written.',
  ],
  options: {
    to: { type: 'string', value: 'DRIVE', takes: 'file', about: 'the drive, as “isolde drives” lists it' },
    speed: {
      type: 'string',
      value: 'N',
      about: 'as many times as fast as the slowest disc of its kind; as fast as it goes',
    },
    blank: { type: 'boolean', about: 'lose what is on a disc that can be written again' },
    json: JSON_LINES,
    inside: IMAGE_OPTIONS.inside,
    charset: IMAGE_OPTIONS.charset,
    progress: IMAGE_OPTIONS.progress,
  },
  examples: [['burn debian.iso --to /dev/sr0', 'a disc to start from']],
})
