/** Verifying, converting, and archives instead of folders. */
export const imageJobCommands = {
  archive: 'Extract as ZIP or 7z…',
  verify: 'Verify the image',
  convert: 'Convert to a plain .iso',
}

export const imageJobWords = {
  archive: {
    title: 'Extract as an archive',
    what: '{n} item | {n} item | {n} items',
    everything: 'Everything in {name}',
    to: 'into {folder}',
    format: 'Format',
    zip: 'ZIP',
    seven: '7z',
    zipHint: 'Opens everywhere. With a password the contents are encrypted, the names stay readable.',
    sevenHint: 'Smaller. With a password the names are hidden too. Needs an installed 7-Zip.',
    password: 'Password (AES-256)',
    passwordHint: 'Leave empty for none. It is not kept: without it nobody can open the archive.',
    confirm: 'Create archive',
  },
}
