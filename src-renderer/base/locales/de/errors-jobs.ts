import type { jobReasons as english } from '../en/errors-jobs'

export const jobReasons: typeof english = {
  // What jobs tell
  pageClosed: '„{name}“ wurde auf eine Seite gezogen, die geschlossen ist. Ziehen Sie es noch einmal darauf.',
  passwordLost:
    'Das Archiv von „{name}“ sollte verschlüsselt werden, und das Passwort wird nicht aufbewahrt. Starten Sie den Auftrag noch einmal.',
  stoppedOften:
    'Isolde wurde während der Arbeit an „{name}“ beendet. Vielleicht ist das Abbild auf eine Weise beschädigt, mit der es nicht zurechtkommt.',
  standsAsZeros: '{missing} davon sind nicht lesbar und wurden mit Nullen gefüllt.',
  cutInArchive: 'Das Abbild endet vorher: Im Archiv sind {written} von {total}.',
  pathLimit:
    'Der Pfad würde länger als die {limit} Byte, die das System zulässt. Wählen Sie ein Ziel mit kürzerem Pfad.',
  sumRecordedDiffers: 'Die {algorithm}-Prüfsumme stimmt nicht mit der überein, die das Abbild aufzeichnet.',
  sumListedDiffers: 'Die {algorithm}-Prüfsumme stimmt nicht mit der in „{list}“ überein.',
  sumKnownDiffers: 'Die {algorithm}-Prüfsumme ist eine andere als damals, als das Abbild gehasht wurde.',
  imageShort: 'Dem Abbild fehlen {missing}, und dem, was daraus entstand, ebenso.',
  imageDamaged: 'Das Abbild ist beschädigt: {fault}',
  plainLacks: 'Ein einfaches Abbild kann nicht alles enthalten. Ausgelassen: {what}',
  audioTracks: '{n} Audiospur | {n} Audiospuren',
  formTwoSectors: 'Teile von Sektoren der Form 2: {n}',
  otherSessions: 'die Beschreibungen anderer Sitzungen oder Spuren',
  noneReadable: 'Nichts davon ist lesbar.',
  partUnreadable: '{lost} von {total} sind nicht lesbar.',
  descriptionDamaged: 'Was es beschreibt, ist beschädigt; niemand weiß, wo alles davon liegt.',
  describedTwice: 'Es ist zweimal und verschieden beschrieben: Eines von beiden ist falsch.',
  sumDoubtful: 'Wo es liegt, stimmt eine Prüfsumme nicht: Manches davon kann falsch sein.',
  bytesMissing: '{missing} waren nirgends zu finden.',
  rangeUnreadable: '{length} ab Byte {at} sind nicht lesbar.',
  leadsIntoItself: '„{name}“ führt in sich selbst zurück und blieb leer.',
  leadsNowhere: '„{name}“ ist eine Verknüpfung ins Leere und wurde ausgelassen.',
  isImageItself: '„{name}“ ist das Abbild selbst und wurde ausgelassen.',
  isEarlierImage:
    '„{name}“ hat dieses Projekt früher geschrieben; es wurde ausgelassen. Fügen Sie es einzeln hinzu, wenn Sie es möchten.',
  isUnfinished: '„{name}“ ist eine Datei, die Isolde nicht fertiggestellt hat; sie wurde ausgelassen.',
  sourceGone: '„{path}“ gibt es nicht mehr und wird nicht im Abbild sein.',
  sourceResized:
    '„{path}“ hatte {before}, als es hinzugefügt wurde, und hat jetzt {now}. Es wird geschrieben, wie es jetzt ist.',
  sourceAppeared: '„{path}“ ist in seinem Ordner neu, seit dieser hinzugefügt wurde, und wird im Abbild sein.',
  otherImageNow:
    '„{name}“ wurde geändert, seit dieses Projekt begonnen wurde. Öffnen Sie es, wie es jetzt ist, und beginnen Sie neu.',
  // Images that are made
  bytesTooMany:
    'Das Abbild ist um {excess} zu groß für {medium}. Lassen Sie etwas weg, oder nehmen Sie eine größere Scheibe.',
  tooLargeForIso: '„{path}“ ist größer als 4 GiB; das kann ein solches Abbild nicht enthalten. Wählen Sie UDF.',
  tooManyFolders: 'Es sind {n} Ordner, und ein ISO-9660-Baum hat Platz für {limit}. Wählen Sie nur UDF.',
  sourcesCollide: 'Zwei Quellen wollen im Abbild „{path}“ heißen. Benennen Sie eine um.',
  treeNotWritten: 'Der Baum {tree} wird nicht wieder geschrieben.',
  bootNotWritten: 'Der Starteintrag für {platform} ({what}) lässt sich nicht wieder schreiben.',
  bootImageOf: 'ein Startabbild von {size}',
  bootKept: 'Der Starteintrag für {platform} ({what}) bleibt erhalten.',
  bootTableRenewed: 'Der Starteintrag für {platform} ({what}) bleibt erhalten; die Tabelle darin wird neu berechnet.',
  tableWithoutBoot:
    '„{name}“ hat eine Partitionstabelle, aber keinen Starteintrag: Das neue Abbild wird keine solche Tabelle haben.',
  partitionsNotKept:
    'Das neue Abbild startet von einer Scheibe, aber nicht von einem Stick: Die Partitionstabelle von „{name}“ bleibt nicht erhalten. Für einen Stick schreiben Sie „{name}“ selbst.',
  partitionBehind:
    'Partition {number} von „{name}“ ({size}) liegt hinter dem Datenträger und ist nicht im neuen Abbild. Wenn Sie sie brauchen, entpacken Sie sie vorher: Sie steht in der Ansicht der Partitionen.',
  loaderUnknown:
    'Der Code im ersten Sektor von „{name}“ ist von einem unbekannten Startprogramm und bleibt nicht erhalten.',
  guidTableRenewed: 'Die GUID-Partitionstabelle wird neu geschrieben.',
  firstSectorKept: 'Der erste Sektor von {loader} bleibt mit neuen Adressen erhalten.',
  firstSectorAndTableKept:
    'Der erste Sektor von {loader} und die GUID-Partitionstabellen bleiben mit neuen Adressen erhalten.',
  deviceNumbers: 'Die Gerätenummern von „{path}“ bleiben nicht erhalten.',
  damagedInImage: '„{path}“ ist im Abbild beschädigt.',
  notInNewImage: '„{name}“ ist nicht im neuen Abbild.',
  notInNewImageWith: '„{name}“ mit {n} Einträgen ist nicht im neuen Abbild.',
  tailNotInNewImage: '{size} hinter dem Datenträger von „{name}“ sind nicht im neuen Abbild.',
  treeNotCompared:
    'Ob der Baum {tree} Dateien hat, die kein anderer hat, ist nicht bekannt: Es sind zu viele zum Vergleichen.',
  onlyInTree: '„{path}“ gibt es nur im Baum {tree} und nicht im neuen Abbild.',
  onlyInTreeMore: '„{path}“ und weitere ({n}) gibt es nur im Baum {tree} und nicht im neuen Abbild.',
  listNotRenewed: '„{path}“ ist signiert oder lässt sich nicht umschreiben und stimmt für {names} nicht mehr.',
  listLeftOut: '„{path}“ nannte nur {names} und wird ausgelassen.',
  listRenewed: '„{path}“ wird für {names} umgeschrieben.',
  sumsEndWithSession: 'Die MD5-Prüfsummen im Abbild gelten nicht für die neue Sitzung.',
  // Drives
  driveTooSmall: '{drive} hat {size}; nötig sind {needed}. Nehmen Sie ein größeres.',
  driveRefused: '{drive} wird nicht beschrieben: {why}',
  driveGone: '{drive} ist weg. Stecken Sie es wieder an und beginnen Sie neu.',
  driveBusy: 'Ein anderes Programm benutzt {drive}. Schließen Sie es, oder werfen Sie aus, was darauf ist.',
  driveChanged: '{drive} ist nicht das Laufwerk, das bestätigt wurde.',
  driveDiffers:
    '{drive} gibt nicht wieder, was darauf geschrieben wurde: Der erste Unterschied liegt bei Byte {at}. Nehmen Sie ein anderes Laufwerk.',
  driveForbidden: 'Sie dürfen nicht auf {drive} schreiben.',
  driveReadOnly: '{drive} ist schreibgeschützt.',
  driveFaulty:
    '{drive} behält nicht, was darauf geschrieben wird: Es ist kleiner, als es angibt, oder defekt. Nehmen Sie ein anderes.',
  driveFailed: '{drive} lässt sich weder lesen noch beschreiben ({cause}). Es ist beschädigt oder wurde entfernt.',
  noMedium: 'In {drive} ist kein Medium.',
  noSuchDrive: '{drive} ist kein Laufwerk dieses Computers.',
  notADrive: 'Es ist kein Laufwerk dieses Computers.',
  partOfDrive: 'Es ist nur ein Teil eines Laufwerks.',
  burnedInstead: 'Es ist ein Laufwerk für Scheiben; die werden gebrannt.',
  holdsSystem: 'Das laufende System liegt darauf.',
  startsComputer: 'Dieser Computer startet davon ({what}).',
  holdsSwap: 'Es enthält benutzten Auslagerungsspeicher ({what}).',
  isSource: 'Es ist das, was gelesen werden soll ({what}).',
  holdsImage: 'Das Abbild liegt darauf ({what}).',
  holdsProgram: 'Dieses Programm läuft davon ({what}).',
  holdsProfile: 'Dieses Programm bewahrt seine Daten darauf auf ({what}).',
  holdsScratch: 'Dieses Programm hat temporäre Dateien darauf ({what}).',
  mountedAt: 'Es ist unter {what} in Benutzung.',
  heldBy: 'Es wird von {what} benutzt.',
  hasNoMedium: 'Es ist kein Medium darin.',
  isReadOnly: 'Es ist schreibgeschützt; eine Karte hat vielleicht einen Schalter dafür.',
  isBuiltIn: 'Es hängt weder an USB noch ist es eine Karte: Vielleicht ist es fest eingebaut.',
  mountPointTaken: '„{name}“ ist in Benutzung oder nicht leer. Wählen Sie einen anderen Ordner.',
  // Lost images
  diskForbidden:
    'Sie dürfen „{name}“ nicht lesen. Starten Sie Isolde als Mitglied der Gruppe, der der Datenträger gehört (unter Linux meist „disk“), oder durchsuchen Sie ihn als root mit „sudo isolde find {name}“.',
  bytesPassedOver: '{length} waren nicht lesbar und wurden übergangen.',
  otherDisk: '„{name}“ hat eine andere Länge als der durchsuchte Datenträger. Durchsuchen Sie ihn noch einmal.',
  onSearchedDisk:
    '„{folder}“ liegt auf dem durchsuchten Datenträger: Speichern könnte dort überschreiben, was gerettet werden soll. Wählen Sie einen Ordner auf einem anderen Datenträger.',
  saveFirst: '„{name}“ hat noch keine eigene Datei. Speichern Sie es zuerst.',
  isProtected: '„{name}“ schützt dieses Abbild bereits, oder einen früheren Stand davon.',
}
