import type { rescueWords as english } from '../en/rescue'

export const rescueWords: typeof english = {
  rescue: {
    title: 'Was ist zu retten?',
    unknown: 'Noch hat niemand nachgesehen. Das Abbild wird nur gelesen.',
    looking: 'Suche, was zu retten ist…',
    files:
      'Keine Dateien gefunden. | {n} von {total} Datei ist vollständig zu retten. | {n} von {total} Dateien sind vollständig zu retten.',
    losses: 'Teilweise da: {partial}. Verloren: {lost}.',
    sizes: 'Das sind {saved} von {total}.',
    named: 'Nichts ist verloren | {n} Verlust, mit Grund | {n} Verluste, mit Grund',
    partial: 'Dateien, die nur teilweise da sind',
    fates: { zeros: 'Nullen stehen für das Fehlende', cut: 'Enden, wo etwas fehlt', skip: 'Werden weggelassen' },
    states: { partial: 'teilweise da', lost: 'verloren' },
    carve: 'Auch Dateien an ihrem Anfang erkennen (langsamer)',
    look: 'Nachsehen, was zu retten ist',
    again: 'Erneut nachsehen',
    save: 'Keine Dateien retten | {n} von {total} Datei retten… | {n} von {total} Dateien retten…',
    repair: 'Repariertes Abbild erstellen…',
    filesTitle: 'Wohin die Dateien sollen',
    filesConfirm: 'Hier speichern',
    imageTitle: 'Wohin das reparierte Abbild soll',
    imageConfirm: 'Hier erstellen',
  },
  protect: {
    title: 'Gegen Schäden schützen',
    label:
      'Redundanz in Prozent des Abbilds ({least} bis {most}). Eine so große Datei neben dem Abbild behebt ebenso große Schäden.',
    confirm: 'Schützen',
    range: 'Geben Sie einen Prozentwert von {least} bis {most} an.',
    againTitle: 'Erneut schützen?',
    again:
      '{name} wird ersetzt, sobald die neue Datei fertig ist. Das ist nötig, wenn sich das Abbild seitdem geändert hat.',
    againConfirm: 'Erneut schützen',
  },
}
