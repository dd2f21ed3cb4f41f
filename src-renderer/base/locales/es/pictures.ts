import type { pictures as english } from '../en/pictures'

export const pictures: typeof english = {
  pictures: {
    label: 'Vistas de la imagen',
    map: 'Mapa del disco',
    sizes: 'Tamaños',
    openMap: 'Abrir el mapa del disco',
  },
  map: {
    label: 'Mapa del disco. Las flechas lo recorren, Intro va al archivo.',
    where: 'Desde el byte {from}, {size} de largo.',
    more: 'ningún otro archivo | y {n} archivo más aquí | y {n} archivos más aquí',
    damaged: 'Le falta una parte.',
    checked: 'Una comprobación encontró daños.',
    free: '{size} del disco no pertenecen a ningún archivo de esta vista.',
    how: 'El disco empieza por dentro. Un archivo en varias partes se dibuja donde está la primera.',
    reading: 'La imagen aún se está leyendo; el mapa muestra lo que ya se sabe.',
    kind: {
      files: 'Archivos',
      damaged: 'Archivos dañados',
      suspect: 'Dentro de una suma que no coincide',
      structures: 'Estructuras propias del disco',
      gap: 'Aquí no hay archivos',
      beyond: 'Falta: la imagen termina antes',
    },
  },
  sizes: {
    label: 'Mapa de tamaños. Intro entra en una carpeta o va a un archivo, Retroceso sube.',
    where: 'Carpeta mostrada',
    rest: 'nada más | {n} archivo menor | {n} archivos menores',
    files: 'sin archivos | {n} archivo | {n} archivos',
    nothing: 'Aquí no hay ningún byte.',
  },
}
