/** A cue sheet of one data track in raw sectors of mode 1. @param file of the sectors, by its name alone */
export function cueOfDataTrack(file: string): string {
  return `FILE "${file}" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n`
}
