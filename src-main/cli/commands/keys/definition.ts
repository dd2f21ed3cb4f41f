import { defineCommand } from '../../command'

export const keys = defineCommand({
  name: 'keys',
  operands: 'list | add FILE … | remove FINGERPRINT …',
  summary: 'the keys that signatures of images are trusted by',
  about: [
    'Keeps the public keys (OpenPGP, signify, minisign) of those whose signatures count for “verify”, beside the keys that the system takes its packages by and those that GnuPG finds valid. They lie in the profile.',
    'Compare a fingerprint with the one on the maker’s own page before you add a key: a key that comes with an image proves nothing.',
  ],
  options: {
    json: { type: 'boolean', about: 'one JSON object a line for each key' },
  },
  examples: [
    ['keys add fedora.gpg', 'trust the keys in a file'],
    ['keys list', 'which keys are trusted, and whose they say that they are'],
    ['keys remove 0123456789abcdef', 'by the end of its fingerprint'],
  ],
})
