import { defineCommand, IMAGE_OPTIONS } from '../../command'

export const mount = defineCommand({
  name: 'mount',
  operands: 'IMAGE [--at DIR]',
  summary: 'an image as a drive that every program can read',
  about: [
    'Mounts a view of the image, read-only and without rights, prints its folder, and stays in the background until “isolde unmount”. Every view and every container can be mounted.',
    'What the image has lost reads as an error, never as zeros.',
  ],
  options: {
    at: {
      type: 'string',
      value: 'DIR',
      takes: 'folder',
      about: 'the folder to mount on, empty or new; one of its own without',
    },
    foreground: { type: 'boolean', about: 'stay here; Ctrl+C unmounts' },
    json: { type: 'boolean', about: 'the mount as one JSON object' },
    view: IMAGE_OPTIONS.view,
    inside: IMAGE_OPTIONS.inside,
    charset: IMAGE_OPTIONS.charset,
  },
  examples: [
    ['mount debian.iso', 'prints the folder that holds its files'],
    ['mount backup.nrg --at ~/disc --view joliet', 'the Joliet tree of a Nero image'],
  ],
})
