/** The dialogs for archives and plain images. */
export const archivesWords = {
  archiveDialog: {
    name: 'Name',
    level: 'Compression',
    levels: {
      store: 'None',
      fast: 'Fast',
      normal: 'Normal',
      best: 'Best',
    },
    show: 'Show the password',
    repeat: 'Repeat the password',
    differs: 'The two passwords differ.',
  },
  convertDialog: {
    title: 'Convert to a plain .{extension}',
    looking: 'Looking into the image…',
    tracks: 'No audio tracks | Also extract {n} audio track as WAV | Also extract {n} audio tracks as WAV',
    tracksFolder: '{name} tracks',
    lossless: 'Nothing is lost: everything in it fits into a plain image.',
    confirm: 'Convert',
  },
}
