import type { pictures as english } from '../en/pictures'

export const pictures: typeof english = {
  pictures: {
    label: 'Bilder des Abbilds',
    map: 'Karte der Scheibe',
    sizes: 'Größen',
    openMap: 'Karte der Scheibe öffnen',
  },
  map: {
    label: 'Karte der Scheibe. Die Pfeiltasten gehen an ihr entlang, die Eingabetaste geht zur Datei.',
    where: 'Ab Byte {from}, {size} lang.',
    more: 'keine weiteren Dateien | und {n} weitere Datei hier | und {n} weitere Dateien hier',
    damaged: 'Ein Teil davon fehlt.',
    checked: 'Eine Prüfung hat Schäden gefunden.',
    free: '{size} der Scheibe gehören zu keiner Datei dieser Ansicht.',
    how: 'Die Scheibe beginnt innen. Eine Datei aus mehreren Stücken ist dort gezeichnet, wo ihr erstes liegt.',
    reading: 'Das Abbild wird noch gelesen; die Karte zeigt, was bisher bekannt ist.',
    kind: {
      files: 'Dateien',
      damaged: 'Beschädigte Dateien',
      suspect: 'In einer Prüfsumme, die nicht stimmt',
      structures: 'Eigene Strukturen der Scheibe',
      gap: 'Hier liegt keine Datei',
      beyond: 'Fehlt: Das Abbild endet vorher',
    },
  },
  sizes: {
    label: 'Karte der Größen. Die Eingabetaste geht in einen Ordner oder zu einer Datei, die Rücktaste nach oben.',
    where: 'Gezeigter Ordner',
    rest: 'nichts weiter | {n} kleinere Datei | {n} kleinere Dateien',
    files: 'keine Dateien | {n} Datei | {n} Dateien',
    nothing: 'Hier liegen keine Bytes.',
  },
}
