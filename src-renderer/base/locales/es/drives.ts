import type { driveWords as english } from '../en/drives'

export const driveWords: typeof english = {
  drives: {
    writeTitle: 'Escribir «{name}» en una unidad USB',
    eraseTitle: 'Vaciar una unidad',
    looking: 'Buscando unidades…',
    none: 'No hay unidades en las que escribir. Conecte una memoria USB o una tarjeta.',
    drive: 'Unidad',
    how: 'Cómo',
    as: 'Formato',
    label: 'Nombre de la unidad',
    noLabel: 'sin nombre',
    used: '{name}, {size} usados',
    empty: 'nada legible',
    findLost: 'Buscar imágenes perdidas en él…',
    lostAll: 'Se perderá todo lo que hay en {name}.',
    lost: 'Se perderá todo lo que hay en {name}: {contents}.',
    type: 'Escriba {word} para continuar',
    notOffered: 'No ofrecidas, y por qué',
    write: 'Borrar {name} y escribir {image}',
    erase: 'Borrar {name}',
    ways: {
      auto: 'Según la imagen',
      'as-is': 'Tal cual: para imágenes hechas para ello',
      files: 'Archivo a archivo: para Windows, arranca con UEFI',
    },
    kinds: {
      exfat: 'exFAT: para archivos de cualquier tamaño',
      fat32: 'FAT32: para dispositivos antiguos, archivos de menos de 4 GB',
    },
  },
}
