import type { archivesWords as englishWords } from '../en/archives'

export const archivesWords: typeof englishWords = {
  archiveDialog: {
    name: 'Dateiname',
    level: 'Kompression',
    levels: {
      store: 'Keine',
      fast: 'Schnell',
      normal: 'Standard',
      best: 'Beste',
    },
    show: 'Passwort anzeigen',
    repeat: 'Passwort wiederholen',
    differs: 'Die beiden Passwörter stimmen nicht überein.',
  },
  convertDialog: {
    title: 'In ein einfaches .{extension} umwandeln',
    looking: 'Das Abbild wird untersucht…',
    tracks: 'Keine Audiospuren | Auch {n} Audiospur als WAV entpacken | Auch {n} Audiospuren als WAV entpacken',
    tracksFolder: '{name} Spuren',
    lossless: 'Nichts geht verloren: Alles passt in ein einfaches Abbild.',
    confirm: 'Umwandeln',
  },
}
