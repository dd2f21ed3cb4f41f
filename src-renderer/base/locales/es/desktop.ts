/** What only a desktop does: drags to other programs, and what the file manager offers. */
export const desktopWords = {
  desktop: {
    title: 'Otros programas',
    limit: 'Mayor selección que se puede arrastrar fuera',
    limitNote: 'Primero se escriben copias en una carpeta temporal.',
    anySize: 'Cualquier tamaño',
    actions: 'Administrador de archivos',
    actionsNote: 'Extraer y comprobar desde el menú contextual.',
    install: 'Instalar',
    remove: 'Quitar',
    installed: 'Instalado en {folder}.',
    removed: 'Quitado.',
  },
  dragOut: {
    preparing: 'Aún se están preparando las copias de lo que arrastra.',
    preparingDetail: 'Vuelva a arrastrarlo en un momento o pulse F5 para extraerlo.',
    tooLarge: 'Demasiado grande para arrastrarlo fuera: el límite es {limit}.',
    instead: 'Pulse F5 para extraerlo o suba el límite en los ajustes.',
  },
}
