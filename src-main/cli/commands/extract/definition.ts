import { defineCommand, IMAGE_OPTIONS, STREAMS } from '../../command'

export const extract = defineCommand({
  name: 'extract',
  operands: 'IMAGE [PATH …]',
  summary: 'extracts everything, or what is named',
  about: [
    'Extracts into DIR (made if need be), or the current folder. Nothing stands under its final name before it is whole.',
  ],
  options: {
    to: {
      type: 'string',
      value: 'DIR',
      takes: 'folder',
      about: 'where to; a PATH keeps its full path below it',
    },
    here: {
      type: 'boolean',
      about: 'beside the image: one top-level item as it is, several in a folder named after the image',
    },
    'on-conflict': {
      type: 'string',
      value: 'POLICY',
      choices: ['fail', 'skip', 'overwrite', 'rename', 'newer', 'different'],
      about:
        'for names that are taken: fail (default, before anything is written), skip, overwrite, rename, newer or different',
    },
    include: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      about: 'only what matches; may be repeated. A glob without a slash is matched against names',
    },
    exclude: { type: 'string', multiple: true, value: 'GLOB', about: 'not what matches; may be repeated' },
    flat: { type: 'boolean', about: 'every file directly into the destination' },
    sparse: { type: 'boolean', about: 'runs of zeros become holes' },
    owners: { type: 'boolean', about: 'owners as recorded (as root)' },
    modes: {
      type: 'boolean',
      about: 'permissions exactly as recorded, read-only ones too; set-user-ID and set-group-ID only with --owners',
    },
    xattrs: { type: 'boolean', about: 'extended attributes as recorded (on Linux)' },
    format: {
      type: 'string',
      value: 'FORMAT',
      choices: ['folder', 'zip', '7z'],
      about: 'folder (default), zip or 7z; --to then names the archive or the folder for it',
    },
    'password-file': {
      type: 'string',
      value: 'FILE',
      takes: 'file',
      about: 'the first line of FILE encrypts the archive with AES-256 (or the variable ISOLDE_PASSWORD)',
    },
    json: { type: 'boolean', about: 'one JSON object a line for each entry, then a summary' },
    quiet: { type: 'boolean', short: 'q', about: 'no summary and no progress' },
    streams: STREAMS,
    ...IMAGE_OPTIONS,
  },
  examples: [
    ['extract windows.iso sources/boot.wim --to out', 'one file, under out/sources'],
    ['extract drivers.iso --include "*.inf" --flat --to inf', 'every .inf, without its folders'],
    ['extract disc.iso --here', 'everything, beside the image'],
  ],
})
