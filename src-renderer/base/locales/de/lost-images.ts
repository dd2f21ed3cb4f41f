/** Disc images that a disk holds, or did. */
export const lostImageWords = {
  lost: {
    title: 'Verlorene Abbilder suchen',
    titleOf: 'Verlorene Abbilder auf „{name}“',
    about:
      'Findet Abbilder auf einem ganzen Datenträger: Dateien, gelöschte Dateien und solche, zu denen kein Ordner mehr führt. Der Datenträger wird nur gelesen.',
    where: 'Zu durchsuchender Datenträger',
    other: 'Ein anderer Datenträger, eine Partition oder ein Abbild davon',
    example: '/dev/sdb1 oder eine Datei',
    browse: 'Datei auswählen…',
    continue: 'Weiter',
    unknown: 'Er wurde noch nicht durchsucht. Er wird nur gelesen.',
    queued: 'In der Warteschlange: Ein anderer Vorgang verwendet diesen Datenträger.',
    running:
      'Suche läuft, bisher nichts gefunden. | Suche läuft, bisher {n} Abbild gefunden. | Suche läuft, bisher {n} Abbilder gefunden.',
    paused:
      'Bei {percent} % angehalten, bisher nichts gefunden. | Bei {percent} % angehalten, bisher {n} Abbild gefunden. | Bei {percent} % angehalten, bisher {n} Abbilder gefunden.',
    cancelled:
      'Bei {percent} % beendet, bisher nichts gefunden. | Bei {percent} % beendet, bisher {n} Abbild gefunden. | Bei {percent} % beendet, bisher {n} Abbilder gefunden.',
    done: 'Es wurde kein Abbild gefunden. | {n} Abbild gefunden; ohne erkennbare Schäden: {undamaged}. | {n} Abbilder gefunden; ohne erkennbare Schäden: {undamaged}.',
    map: 'Fundorte auf {name}',
    stop: 'Beenden',
    search: 'Jetzt suchen',
    again: 'Erneut suchen',
    goOn: 'Suche fortsetzen',
    another: 'Anderer Datenträger…',
    save: 'Speichern in… | {n} Abbild speichern in… | {n} Abbilder speichern in…',
    saveTitle: 'Wohin mit den Abbildern: ein Ordner auf einem anderen Datenträger',
    saveHere: 'Hier speichern',
    cut: 'Nur die ersten {n} werden aufgeführt. „isolde find“ führt alle auf.',
    notNoted:
      'Isolde bewahrt seine Daten auf diesem Datenträger auf, deshalb wird dort kein Fortschritt gespeichert: Eine beendete Suche beginnt von vorn.',
    unreadable: 'Nicht alles auf dem Datenträger war lesbar.',
    name: 'Name',
    size: 'Größe',
    place: 'Bei',
    state: 'Zustand',
    all: 'Alle auswählen',
    choose: '{name} auswählen',
    open: '{name} öffnen',
    deleted: 'gelöscht',
    pieces: '{n} Teile',
    packed: 'vom Dateisystem komprimiert; „isolde find“ speichert es',
    states: {
      proven: 'Durch Prüfsummen belegt',
      whole: 'Alle Ordner da',
      'partly-overwritten': 'Teils überschrieben',
      'begins-only': 'Nur der Anfang',
    },
  },
}
