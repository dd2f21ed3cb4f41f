import { defineCommand, IMAGE_OPTIONS } from '../../command'

export const identify = defineCommand({
  name: 'identify',
  operands: 'IMAGE …',
  summary: 'what an image is: system, version, processor, editions',
  about: [
    'Says what an image is, by the files in which discs tell it and by their volume descriptors: the system, its version, the processors that it is for, its editions, what starts from it, and where each was found. What it does not know it does not say.',
  ],
  options: {
    json: { type: 'boolean', about: 'one JSON object for each image, with all that is known and where it was found' },
    ...IMAGE_OPTIONS,
  },
  examples: [
    ['identify *.iso', 'what are all these?'],
    ['identify --json x.iso', 'the name that virt-install --osinfo takes, among other things'],
  ],
})
