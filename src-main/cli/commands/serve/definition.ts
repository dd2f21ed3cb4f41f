import { defineCommand, IMAGE_OPTIONS } from '../../command'

export const serve = defineCommand({
  name: 'serve',
  operands: '[IMAGE …]',
  summary: 'the window in a browser on this computer',
  about: [
    'Serves the window to a browser on this computer and prints its address, which holds a token that works once.',
    'With --webdav, serves the files of one image instead, read-only, to any program of this computer that knows WebDAV; the address cannot be guessed. What the image has lost is an error, never zeros.',
  ],
  options: {
    port: { type: 'string', value: 'N', about: 'the port to listen on; 0 takes a free one (default)' },
    'log-level': {
      type: 'string',
      value: 'LEVEL',
      choices: ['error', 'warn', 'info', 'debug'],
      about: 'what isolde.log in the profile is told (default info); debug names files (or the variable ISOLDE_LOG)',
    },
    webdav: { type: 'boolean', about: 'the files of one image by WebDAV, instead of the window' },
    view: IMAGE_OPTIONS.view,
    inside: IMAGE_OPTIONS.inside,
    charset: IMAGE_OPTIONS.charset,
    'no-open': { type: 'boolean', about: 'do not start the browser' },
  },
  examples: [
    ['serve debian.iso', 'the window with one image open'],
    ['serve --webdav debian.iso', 'an address that other programs can mount'],
  ],
})
