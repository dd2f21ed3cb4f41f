import { defineCommand, IMAGE_OPTIONS, JSON_LINES } from '../../command'

export const read = defineCommand({
  name: 'read',
  operands: 'DRIVE OUT.iso',
  summary: 'an image of a disc or a drive, as far as it can be read',
  about: [
    'Reads large pieces first, then the edges of what failed, then single sectors. What cannot be read is zeros in the image and named, by place and by file. DRIVE may be a file. Folders of OUT.iso that are missing are made.',
    'With --map, what was read is noted in the format of GNU ddrescue, and the next run goes on from there.',
  ],
  options: {
    map: { type: 'string', value: 'FILE', takes: 'file', about: 'note there what was read, and go on from it' },
    retries: { type: 'string', value: 'N', about: 'try what cannot be read N more times (default 1)' },
    reverse: { type: 'boolean', about: 'read from the end to the beginning' },
    json: JSON_LINES,
    progress: IMAGE_OPTIONS.progress,
  },
  examples: [['read /dev/sr0 disc.iso --map disc.map', 'an image of a scratched disc, in as many runs as it takes']],
})
