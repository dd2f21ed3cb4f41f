import type { panePairCommands as englishCommands, panePairWords as englishWords } from '../en/pane-pair'

export const panePairCommands: typeof englishCommands = {
  comparePanes: 'Bereiche vergleichen',
  syncPanes: 'Gemeinsam navigieren',
  columnHeaders: 'Zu den Spaltenköpfen',
  compareWith: 'Vergleichen mit…',
}

export const panePairWords: typeof englishWords = {
  panePair: {
    identical: 'Beide Bereiche zeigen dieselben Namen und Größen.',
    differ: 'Ausgewählt: {left} links, {right} rechts',
    how: 'Verglichen nach Namen, Dateien auch nach Größe.',
    tooMany: 'Bereiche mit mehr als {n} Zeilen werden hier nicht verglichen. Vergleiche stattdessen die Abbilder.',
    compareTitle: '„{name}“ vergleichen mit',
    compareConfirm: 'Vergleichen',
  },
}
