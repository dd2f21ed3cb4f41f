import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: 'Als ZIP oder 7z entpacken …',
  verify: 'Abbild prüfen',
  convert: 'In ein einfaches .iso umwandeln',
}

export const imageJobWords: typeof english = {
  archive: {
    title: 'Als Archiv entpacken',
    what: '{n} Element | {n} Element | {n} Elemente',
    everything: 'Alles aus {name}',
    to: 'nach {folder}',
    format: 'Format',
    zip: 'ZIP',
    seven: '7z',
    zipHint: 'Lässt sich überall öffnen. Mit Passwort sind die Inhalte verschlüsselt, die Namen bleiben lesbar.',
    sevenHint: 'Kleiner. Mit Passwort sind auch die Namen verborgen. Braucht ein installiertes 7-Zip.',
    password: 'Passwort (AES-256)',
    passwordHint: 'Leer lassen für keines. Es wird nicht aufbewahrt: ohne das Passwort kann niemand das Archiv öffnen.',
    confirm: 'Archiv erstellen',
  },
}
