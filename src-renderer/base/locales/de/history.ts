import type { historyCommands as englishCommands, historyWords as englishWords } from '../en/history'

export const historyCommands: typeof englishCommands = {
  history: 'Verlauf der Warteschlange…',
  undoExtraction: 'Entpacken rückgängig machen…',
}

export const historyWords: typeof englishWords = {
  folders: {
    none: 'Hier sind keine Ordner.',
  },
  history: {
    title: 'Verlauf der Warteschlange',
    empty: 'Es ist noch nichts gelaufen.',
    list: 'Aufträge, der neueste zuerst',
    took: 'dauerte {time}',
    undo: 'Entpacken rückgängig machen',
    undone: 'rückgängig gemacht',
    undoTitle:
      'Das nach „{folder}“ Geschriebene löschen? | {n} nach „{folder}“ geschriebene Datei löschen? | {n} nach „{folder}“ geschriebene Dateien löschen?',
    undoText:
      'Nur was genau so ist, wie es geschrieben wurde, wird gelöscht. Geänderte Dateien, Dateien, die andere ersetzt haben, und Ordner mit anderem Inhalt bleiben.',
    undoConfirm: 'Löschen',
    removed: 'Nichts gelöscht | {n} Element gelöscht | {n} Elemente gelöscht',
    kept: 'Nichts behalten: {names} | {n} Element blieb, weil es geändert wurde: {names} | {n} Elemente blieben, weil sie geändert wurden: {names}',
    nothingToUndo: 'Es gibt kein Entpacken, das rückgängig gemacht werden kann.',
    stillRunning: '„{what}“ läuft noch. Brechen Sie es ab, oder warten Sie, bis es fertig ist.',
    cannotUndo: '„{what}“ lässt sich nicht rückgängig machen.',
    tooManyToUndo: '„{what}“ lässt sich nicht rückgängig machen: Es waren mehr als {n} Dateien und Ordner.',
    undoWhat: '„{name}“, entpackt am {time}.',
    clear: 'Verlauf löschen',
    elsewhere: 'Anderer Ordner…',
    elsewhereTitle: 'In einem anderen Ordner erneut versuchen',
    elsewhereConfirm: 'Diesen Ordner verwenden',
  },
}
