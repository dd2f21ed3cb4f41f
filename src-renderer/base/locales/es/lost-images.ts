/** Disc images that a disk holds, or did. */
export const lostImageWords = {
  lost: {
    title: 'Buscar imágenes perdidas',
    titleOf: 'Imágenes perdidas en «{name}»',
    about:
      'Busca imágenes de disco en un disco entero: archivos, archivos eliminados y aquellas a las que ya no lleva ninguna carpeta. El disco solo se lee.',
    where: 'Disco en el que buscar',
    other: 'Otro disco, una partición o una imagen de un disco',
    example: '/dev/sdb1 o un archivo',
    browse: 'Elegir un archivo…',
    continue: 'Continuar',
    unknown: 'Todavía no se ha buscado en él. Solo se lee.',
    queued: 'En cola: otra tarea está usando este disco.',
    running:
      'Buscando, nada encontrado por ahora. | Buscando, {n} imagen encontrada por ahora. | Buscando, {n} imágenes encontradas por ahora.',
    paused:
      'En pausa al {percent} %, nada encontrado por ahora. | En pausa al {percent} %, {n} imagen encontrada por ahora. | En pausa al {percent} %, {n} imágenes encontradas por ahora.',
    cancelled:
      'Detenido al {percent} %, nada encontrado por ahora. | Detenido al {percent} %, {n} imagen encontrada por ahora. | Detenido al {percent} %, {n} imágenes encontradas por ahora.',
    done: 'No se encontró ninguna imagen de disco. | {n} imagen de disco encontrada; sin daños visibles: {undamaged}. | {n} imágenes de disco encontradas; sin daños visibles: {undamaged}.',
    map: 'Dónde se encontraron imágenes en {name}',
    stop: 'Detener',
    search: 'Buscar ahora',
    again: 'Buscar de nuevo',
    goOn: 'Continuar la búsqueda',
    another: 'Otro disco…',
    save: 'Guardar en… | Guardar {n} imagen en… | Guardar {n} imágenes en…',
    saveTitle: 'Dónde guardar las imágenes: una carpeta de otro disco',
    saveHere: 'Guardar aquí',
    cut: 'Solo se muestran las primeras {n}. «isolde find» las muestra todas.',
    notNoted:
      'Isolde guarda sus datos en este disco, así que no se guarda ahí ningún progreso: una búsqueda detenida vuelve a empezar.',
    unreadable: 'No se pudo leer todo el disco.',
    name: 'Nombre',
    size: 'Tamaño',
    place: 'En',
    state: 'Estado',
    all: 'Seleccionar todo',
    choose: 'Seleccionar {name}',
    open: 'Abrir {name}',
    deleted: 'eliminada',
    pieces: '{n} fragmentos',
    packed: 'comprimida por su sistema de archivos; «isolde find» la guarda',
    states: {
      proven: 'Probada por sumas',
      whole: 'Todas las carpetas',
      'partly-overwritten': 'Sobrescrita en parte',
      'begins-only': 'Solo el principio',
    },
  },
}
