import type { problems as english } from '../en/problems'

export const problems: typeof english = {
  banner: {
    stopped: 'El motor de Isolde se ha detenido.',
    stoppedAdvice: 'Cierre Isolde y vuelva a iniciarla; las tareas sin terminar continuarán entonces.',
    stoppedReason: 'Se detuvo {times} veces en un minuto ({reason}). Hay más información en {log}.',
    disconnected: 'Isolde no responde.',
    disconnectedAdvice: 'Si se detuvo, iníciela otra vez; esta ventana lo sigue intentando.',
    catalogOff: 'No se recordará nada después de esta sesión.',
  },
  error: {
    tooManyToDownload:
      'Es demasiado para nombrarlo uno por uno. Seleccione todo lo de la carpeta o descargue la carpeta misma.',
    nothingCopied: 'No se ha copiado nada en Isolde. Seleccione algo en una imagen o una carpeta y cópielo primero.',
    pasteWhere: 'Vaya a una carpeta de este equipo para pegar.',
    pdf: 'Este documento no se puede mostrar como páginas.',
    archive: 'Este archivo comprimido no se puede enumerar.',
    unknown: 'Algo ha ido mal y nada dice qué.',
    moveFromImage: 'De una imagen de disco no se puede mover nada, porque nunca cambia. Extraiga con F5.',
    sameFolder: 'Los dos paneles muestran la misma carpeta. Vaya antes a otra en el otro panel.',
    otherPaneNoFolder: 'El otro panel no muestra ninguna carpeta donde poner cosas. Vaya antes a una.',
    nothingHere: 'Aquí no hay nada que extraer. Abra antes una imagen de disco.',
    copyIntoImage:
      'No se pueden poner archivos en una imagen de disco abierta. Elija allí «Modificar esta imagen» o vaya a una carpeta en el otro panel.',
    nothingSelected: 'No hay nada seleccionado. Seleccione con el ratón o con la barra espaciadora.',
    imageClosed: 'Esta imagen ya no está abierta. Actualice el panel para abrirla de nuevo.',
    imageIsReadOnly: 'Una imagen de disco abierta queda como está. «Modificar esta imagen» crea una copia modificada.',
    noSuchPath: 'No existe «{path}».',
    openOnlyImages: '«{name}» no es una imagen de disco. Isolde solo abre imágenes y carpetas.',
  },
  advice: {
    NOT_AN_IMAGE:
      'Si debería serlo, quizá esté cifrada, comprimida de un modo desconocido o dañada justo al principio.',
    EMPTY_FILE: 'Puede que la descarga fallara. Descárguela otra vez.',
    NOTHING_READABLE: 'El principio está dañado. Descargue o lea el disco otra vez si puede.',
    UNSUPPORTED_CONTAINER: 'Conviértala en un .iso corriente con el programa que la hizo.',
    NO_SUCH_FILE: 'Puede que se haya movido o cambiado de nombre. Búsquelo en la carpeta que lo contiene.',
    NO_SUCH_PATH: 'Suba, o elija otra vista de la imagen.',
    SOURCE_GONE: 'Conecte de nuevo la unidad, o mire adónde fue el archivo; luego reintente.',
    SOURCE_UNREADABLE: 'Puede que la unidad esté fallando. Copie la imagen a otro sitio mientras se pueda.',
    SOURCE_FORBIDDEN: 'Pida permiso para leerla o cópiela a una carpeta suya.',
    CONTENT_DAMAGED: 'Descargue o lea el disco otra vez; lo legible ya se puede extraer.',
    NAME_TAKEN: 'Elija otro nombre.',
    NO_SPACE: 'Haga sitio en ese disco o elija otra carpeta; luego reintente.',
    NO_PERMISSION: 'Elija una carpeta suya.',
    READ_ONLY: 'Elija una carpeta en otro disco.',
    FILE_TOO_LARGE: 'Elija un disco cuyo sistema de archivos admita archivos de ese tamaño.',
    NAME_TOO_LONG: 'Elija un nombre más corto o una carpeta más cercana a la raíz.',
    ENGINE_GONE: 'Reintente dentro de un momento.',
    INTERNAL: 'Reintente. Si ocurre siempre, la imagen merece un informe.',
  },
}
