import type { placesCommands as englishCommands, placesWords as englishWords } from '../en/places'

export const placesCommands: typeof englishCommands = {
  favourite: 'Añadir a favoritos o quitar',
  places: 'Favoritos y lugares visitados…',
  extractTo: 'Extraer en…',
}

export const placesWords: typeof englishWords = {
  places: {
    title: 'Favoritos y lugares visitados',
    favourites: 'Favoritos',
    left: 'Panel izquierdo',
    right: 'Panel derecho',
    remove: 'Quitar de favoritos',
    none: 'Ningún lugar se llama así.',
    added: '«{name}» añadido a favoritos',
    removed: '«{name}» quitado de favoritos',
  },
  extractDialog: {
    title: 'Extraer',
    destination: 'Destino',
    recent: 'Destinos recientes',
    browse: 'Elegir carpeta…',
    keepPaths: 'Conservar las carpetas en las que están',
    attributes: 'Permisos y atributos',
    modes: 'Permisos exactamente como están grabados',
    xattrs: 'Atributos extendidos, si la imagen los tiene (Linux)',
    sparse: 'Omitir en disco las series de ceros (archivos dispersos)',
    confirm: 'Extraer',
    names: 'Cambiar nombres',
    pattern: 'Nombre nuevo',
    tokens: '{name}: su nombre, {n}: su número, {date}: su fecha, {ext}: su extensión',
    find: 'Buscar en los nombres',
    replace: 'Reemplazar por',
    preview: 'Archivos y sus nombres nuevos',
  },
}
