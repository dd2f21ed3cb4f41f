/** Verifying, converting, and archives instead of folders. */
export const imageJobCommands = {
  archive: 'Extract as ZIP or 7z…',
  verify: 'Verify the image',
  convert: 'Convert to a plain .iso',
  createImage: 'Make a disc image…',
}

export const imageJobWords = {
  archive: {
    title: 'Extract as an archive',
    what: '{n} item | {n} item | {n} items',
    everything: 'Everything in {name}',
    format: 'Format',
    zip: 'ZIP',
    seven: '7z',
    zipHint: 'Opens everywhere. With a password the contents are encrypted, the names stay readable.',
    sevenHint: 'Smaller. With a password the names are hidden too. Needs an installed 7-Zip.',
    password: 'Password (AES-256)',
    passwordHint: 'Leave empty for none. It is not kept: without it nobody can open the archive.',
    confirm: 'Create archive',
  },
  createImage: {
    title: 'Make a disc image',
    what: '{n} item | {n} item | {n} items',
    folder: 'Everything in “{name}”',
    to: 'into {folder}',
    name: 'File name',
    label: 'Name of the disc',
    preset: 'What it is for',
    presets: {
      data: 'Any computer',
      compatible: 'Old computers and devices',
      linux: 'Linux',
      windows: 'Windows installer',
      udf: 'UDF alone',
    },
    presetHints: {
      data: 'UDF, Joliet and Rock Ridge: long names and files of any size everywhere.',
      compatible: 'ISO 9660 level 2 and Joliet: short names where nothing else is read, files below 4 GB.',
      linux: 'Rock Ridge: links, modes and owners; loaders that are found make it start.',
      windows: 'UDF and Joliet: files of more than 4 GB; loaders that are found make it start.',
      udf: 'One tree, for cameras, televisions and large files.',
    },
    sums: 'Keep checksums in the image',
    sumsHint: 'Whoever has it can verify it without anything else.',
    confirm: 'Make image',
  },
}
