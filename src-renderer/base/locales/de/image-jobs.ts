import type { imageJobCommands as englishCommands, imageJobWords as english } from '../en/image-jobs'

export const imageJobCommands: typeof englishCommands = {
  archive: 'Als ZIP oder 7z entpacken …',
  verify: 'Abbild prüfen',
  convert: 'In ein einfaches .iso umwandeln',
  createImage: 'Disc-Abbild erstellen …',
}

export const imageJobWords: typeof english = {
  archive: {
    title: 'Als Archiv entpacken',
    what: '{n} Element | {n} Element | {n} Elemente',
    everything: 'Alles aus {name}',
    format: 'Archivformat',
    zip: 'ZIP',
    seven: '7z',
    zipHint: 'Lässt sich überall öffnen. Mit Passwort sind die Inhalte verschlüsselt, die Namen bleiben lesbar.',
    sevenHint: 'Kleiner. Mit Passwort sind auch die Namen verborgen. Braucht ein installiertes 7-Zip.',
    password: 'Passwort (AES-256)',
    passwordHint: 'Leer lassen für keines. Es wird nicht aufbewahrt: ohne das Passwort kann niemand das Archiv öffnen.',
    confirm: 'Archiv erstellen',
  },
  createImage: {
    title: 'Disc-Abbild erstellen',
    what: '{n} Element | {n} Element | {n} Elemente',
    folder: 'Der Inhalt von „{name}“',
    to: 'nach {folder}',
    name: 'Dateiname',
    label: 'Name der Disc',
    preset: 'Wofür es ist',
    presets: {
      data: 'Jeder Computer',
      compatible: 'Alte Computer und Geräte',
      linux: 'Linux',
      windows: 'Windows-Installation',
      udf: 'Nur UDF',
    },
    presetHints: {
      data: 'UDF, Joliet und Rock Ridge: lange Namen und beliebig große Dateien überall.',
      compatible: 'ISO 9660 Level 2 und Joliet: kurze Namen, wo nichts anderes gelesen wird, Dateien unter 4 GB.',
      linux: 'Rock Ridge: Links, Rechte und Eigentümer; gefundene Lader machen es startfähig.',
      windows: 'UDF und Joliet: Dateien über 4 GB; gefundene Lader machen es startfähig.',
      udf: 'Ein Baum, für Kameras, Fernseher und große Dateien.',
    },
    sums: 'Prüfsummen im Abbild ablegen',
    sumsHint: 'Wer es hat, kann es ohne Weiteres prüfen.',
    confirm: 'Abbild erstellen',
  },
}
