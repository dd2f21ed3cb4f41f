import { defineCommand, JSON_LINES } from '../../command'

export const drives = defineCommand({
  name: 'drives',
  operands: '',
  summary: 'this computer’s drives, and which may be written over',
  about: [
    'Lists every drive with what is on it, the word that “write” and “erase” want to be told, and why a drive is not offered: it carries the running system, swap space, the image or this program, is in use outside the places for removable media, read-only, or built in.',
    'ISOLDE_DRIVES names a file that adds loop devices and plain files, one path a line, to try things out on.',
  ],
  options: { json: JSON_LINES },
  examples: [['drives', 'which sticks and cards are there, and what they are called']],
})
