import { defineCommand } from '../../command'

export const serve = defineCommand({
  name: 'serve',
  operands: '[IMAGE …]',
  summary: 'the window in a browser on this computer',
  about: [
    'Serves the window to a browser on this computer and prints its address, which holds a token that works once.',
  ],
  options: {
    port: { type: 'string', value: 'N', about: 'the port to listen on; 0 takes a free one (default)' },
    'log-level': {
      type: 'string',
      value: 'LEVEL',
      choices: ['error', 'warn', 'info', 'debug'],
      about: 'what isolde.log in the profile is told (default info); debug names files (or the variable ISOLDE_LOG)',
    },
    'no-open': { type: 'boolean', about: 'do not start the browser' },
  },
  examples: [['serve debian.iso', 'the window with one image open']],
})
