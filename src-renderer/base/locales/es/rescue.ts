import type { rescueWords as english } from '../en/rescue'

export const rescueWords: typeof english = {
  rescue: {
    title: '¿Qué se puede rescatar?',
    unknown: 'Nadie lo ha mirado aún. La imagen solo se lee.',
    looking: 'Buscando lo que se puede rescatar…',
    files:
      'No se encontró ningún archivo. | {n} de {total} archivo se puede rescatar completo. | {n} de {total} archivos se pueden rescatar completos.',
    losses: 'En parte: {partial}. Perdidos: {lost}.',
    sizes: 'Son {saved} de {total}.',
    named: 'No se pierde nada | {n} pérdida y su motivo | {n} pérdidas y sus motivos',
    partial: 'Archivos que solo están en parte',
    fates: { zeros: 'Ceros en lugar de lo que falta', cut: 'Terminan donde falta algo', skip: 'Se omiten' },
    states: { partial: 'en parte', lost: 'perdido' },
    carve: 'Buscar también archivos por su comienzo (más lento)',
    look: 'Ver qué se puede rescatar',
    again: 'Mirar de nuevo',
    save: 'No guardar archivos | Guardar {n} de {total} archivo… | Guardar {n} de {total} archivos…',
    repair: 'Crear una imagen reparada…',
    filesTitle: 'Dónde guardar los archivos',
    filesConfirm: 'Guardar aquí',
    imageTitle: 'Dónde poner la imagen reparada',
    imageConfirm: 'Crear aquí',
  },
  protect: {
    title: 'Proteger contra daños',
    label:
      'Redundancia en porcentaje de la imagen ({least} a {most}). Un archivo de ese tamaño, junto a la imagen, repara otro tanto de daño.',
    confirm: 'Proteger',
    range: 'Indique un porcentaje de {least} a {most}.',
    againTitle: '¿Proteger de nuevo?',
    again: '{name} se reemplaza cuando el archivo nuevo está completo. Hágalo si la imagen ha cambiado desde entonces.',
    againConfirm: 'Proteger de nuevo',
  },
}
