import type { fileReasons as english } from '../en/errors-files'

export const fileReasons: typeof english = {
  // Files and folders of this computer
  missingFile: '„{name}“ gibt es nicht. Prüfen Sie den Namen, oder schließen Sie das Laufwerk an.',
  fileGone: '„{name}“ gibt es nicht mehr.',
  linkCircle: '„{name}“ ist eine Verknüpfung, die im Kreis führt.',
  pathTooLong: '„{name}“ ist zu lang für einen Dateinamen.',
  folderNotImage: '„{name}“ ist ein Ordner, kein Abbild. Wählen Sie die Abbilddatei selbst.',
  mayNotRead: 'Sie dürfen „{name}“ nicht lesen.',
  mayNotLookInto: 'Sie dürfen nicht in „{name}“ hineinsehen.',
  readError: '„{name}“ lässt sich nicht lesen: Das Gerät meldet einen Lesefehler.',
  wentAway: '„{name}“ verschwand, während es gelesen wurde.',
  cannotRead: '„{name}“ lässt sich nicht lesen ({cause}).',
  noSpaceFor: 'Für „{name}“ ist kein Platz mehr.',
  notEnoughRoom: 'In „{folder}“ sind {free} frei; nötig sind {needed}.',
  mayNotWrite: 'Sie dürfen „{name}“ nicht schreiben.',
  readOnlyDisk: '„{name}“ liegt auf einem schreibgeschützten Laufwerk.',
  nameExists: '„{name}“ existiert bereits.',
  namesExist: 'Bereits in „{folder}“: {names}. Es wurde nichts geschrieben.',
  tooLargeForDisk: '„{name}“ ist größer, als das Dateisystem dieses Laufwerks zulässt.',
  tooLargeForFat: '„{name}“ hat {size}; das Laufwerk von „{folder}“ (FAT32) nimmt keine Datei ab 4 GiB.',
  nameTooLong: '„{name}“ ist als Name für dieses Laufwerk zu lang.',
  notAFolder: '„{name}“ ist kein Ordner.',
  parentGone: '„{name}“ lässt sich nicht anlegen: Der Ordner darum ist weg oder nimmt keine Dateien.',
  replacedByLink: '„{name}“ wurde beim Schreiben durch eine Verknüpfung ersetzt. Durch sie wurde nichts geschrieben.',
  cannotWrite: '„{name}“ lässt sich nicht schreiben ({cause}).',
  noFileName: '„{name}“ kann kein Dateiname sein. Wählen Sie einen ohne Schrägstriche.',
  intoItself: '„{name}“ kann nicht in sich selbst gelegt werden.',
  inFolderAlready: '„{name}“ ist schon in diesem Ordner.',
  ontoItself: '„{name}“ kann nicht auf sich selbst kopiert werden.',
  copiedNotRemoved: '„{name}“ wurde kopiert, lässt sich am alten Ort aber nicht entfernen.',
  copyGone:
    '„{name}“ bleibt: Die Kopie „{copy}“ ist weg oder wurde inzwischen geändert. Verschieben Sie es noch einmal.',
  mountStays: '„{name}“ ist ein angeschlossenes Laufwerk: Der Inhalt wurde kopiert und bleibt auch dort.',
  noSpaceForTrash:
    '„{name}“ wurde nicht gelöscht: Das Laufwerk ist voll und hat keinen Platz mehr für die Notiz des Papierkorbs.',
  noOrdinaryFile: '„{name}“ ist keine gewöhnliche Datei und wird nicht kopiert.',
  noLinksThere: '„{name}“ ist eine Verknüpfung, und das Laufwerk von „{folder}“ nimmt keine.',
  attributesLost:
    'Kopien verloren Attribute, die das Laufwerk von „{folder}“ nicht nimmt ({attributes}): {count}, die erste ist „{name}“.',
  noTrash:
    '„{name}“ wurde nicht gelöscht: Das Laufwerk hat keinen Papierkorb. Löschen Sie es im Dateimanager des Systems.',
  notInTrash: '„{name}“ ist nicht mehr im Papierkorb.',
  holdsTrash: '„{name}“ enthält den Papierkorb selbst und kann nicht hinein.',
  inTrashAlready: '„{name}“ ist schon im Papierkorb.',
  inUse: '„{name}“ ist in Benutzung, wie ein angeschlossenes Laufwerk.',
}
