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
    confirm: 'Make the archive',
  },
  imageJob: {
    passed:
      'Passed: no check | Passed: {n} check that the image carries | Passed: all {n} checks that the image carries',
    nothing: '{source} is as long as it says and every folder can be read. It carries no sums to check its files by.',
    notPassed: 'Every check passed | {n} check of {source} did not pass | {n} checks of {source} did not pass',
    fact: 'no sums to check | {n} check passed | {n} checks passed',
    converted: 'Made {name}, {size}',
    archived: 'Made {name}, {size}',
  },
}
