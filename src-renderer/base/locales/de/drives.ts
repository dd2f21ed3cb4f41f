import type { driveWords as english } from '../en/drives'

export const driveWords: typeof english = {
  drives: {
    writeTitle: '„{name}“ auf ein USB-Laufwerk schreiben',
    eraseTitle: 'Laufwerk wieder leeren',
    looking: 'Laufwerke werden gesucht…',
    none: 'Kein Laufwerk kann beschrieben werden. Stecken Sie einen USB-Stick oder eine Speicherkarte ein.',
    drive: 'Laufwerk',
    how: 'Wie',
    as: 'Format',
    label: 'Name des Laufwerks',
    noLabel: 'ohne Namen',
    used: '{name}, {size} belegt',
    empty: 'nichts Lesbares',
    findLost: 'Verlorene Abbilder darauf suchen…',
    lostAll: 'Alles auf {name} geht verloren.',
    lost: 'Alles auf {name} geht verloren: {contents}.',
    type: 'Geben Sie {word} ein, um fortzufahren',
    notOffered: 'Nicht angeboten, und warum',
    write: '{name} löschen und {image} schreiben',
    erase: '{name} löschen',
    ways: {
      auto: 'Wie es zum Abbild passt',
      'as-is': 'Wie es ist: für Abbilder, die dafür gemacht sind',
      files: 'Datei für Datei: für Windows, startet mit UEFI',
    },
    kinds: {
      exfat: 'exFAT: für Dateien jeder Größe',
      fat32: 'FAT32: für alte Geräte, Dateien unter 4 GB',
    },
  },
}
