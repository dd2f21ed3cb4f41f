import type { problems as english } from '../en/problems'

export const problems: typeof english = {
  banner: {
    stopped: 'Isoldes Kern läuft nicht mehr.',
    stoppedAdvice: 'Beenden Sie Isolde und starten Sie es neu; unfertige Aufträge laufen dann weiter.',
    stoppedReason: 'Er ist innerhalb einer Minute {times}-mal stehen geblieben ({reason}). Mehr steht in {log}.',
    disconnected: 'Isolde reagiert nicht.',
    disconnectedAdvice: 'Falls es beendet wurde, starten Sie es wieder; dieses Fenster versucht es weiter.',
    catalogOff: 'Nach dieser Sitzung wird nichts behalten.',
  },
  error: {
    tooManyToDownload:
      'Das ist zu viel, um es einzeln zu nennen. Wählen Sie alles im Ordner aus, oder laden Sie den Ordner selbst herunter.',
    nothingCopied:
      'In Isolde wurde nichts kopiert. Wählen Sie zuerst in einem Abbild oder Ordner etwas aus und kopieren Sie es.',
    pasteWhere: 'Gehen Sie zum Einfügen in einen Ordner dieses Computers.',
    pdf: 'Dieses Dokument lässt sich nicht als Seiten zeigen.',
    archive: 'Dieses Archiv lässt sich nicht auflisten.',
    unknown: 'Etwas ging schief, und nichts sagt, was.',
    moveFromImage: 'Aus einem Abbild kann man nichts verschieben, denn es ändert sich nie. Mit F5 wird extrahiert.',
    sameFolder: 'Beide Bereiche zeigen denselben Ordner. Gehen Sie im anderen Bereich zuerst zu einem anderen.',
    otherPaneNoFolder:
      'Der andere Bereich zeigt keinen Ordner, in den etwas gelegt werden kann. Gehen Sie dort zuerst in einen.',
    nothingHere: 'Hier gibt es nichts zu extrahieren. Öffnen Sie zuerst ein Abbild.',
    copyIntoImage:
      'In ein geöffnetes Abbild lässt sich nichts kopieren. Wählen Sie dort „Dieses Abbild ändern“, oder gehen Sie im anderen Fensterbereich zu einem Ordner.',
    nothingSelected: 'Nichts ist ausgewählt. Wählen Sie mit der Maus oder der Leertaste, was gemeint ist.',
    imageClosed: 'Dieses Abbild ist nicht mehr offen. Aktualisieren Sie den Bereich, um es wieder zu öffnen.',
    imageIsReadOnly: 'Ein geöffnetes Abbild bleibt, wie es ist. „Dieses Abbild ändern“ erstellt eine geänderte Kopie.',
    emptyHere: 'In dieser Liste ist nichts.',
    noImageMeant: 'Öffnen Sie zuerst ein Abbild, oder gehen Sie in der Liste zu einem.',
    noImageShown: 'Öffnen Sie zuerst ein Abbild.',
    noFileMeant: 'Gehen Sie in der Liste zuerst zu einer Datei.',
    onlyFolders: 'Das ist nur in einem Ordner dieses Computers möglich.',
    onlyTab: 'In diesem Bereich gibt es keinen anderen Tab.',
    noSuchJobs: 'In der Warteschlange ist nichts, wofür das gilt.',
    findWhere: 'Gehen Sie zu einem Ordner oder Abbild, um darin etwas zu suchen.',
    inItsFolder: 'Das wird bereits in seinem Ordner gezeigt.',
    twoLists: 'Zeigen Sie zuerst in beiden Bereichen eine Liste von Dateien.',
    onlyDetails: 'Nur die Ansicht mit Details hat Spaltenköpfe.',
    noSuchColumn: 'Diese Liste hat keine solche Spalte zum Sortieren.',
    noSuchPath: '„{path}“ gibt es nicht.',
    openOnlyImages: '„{name}“ ist kein Abbild. Isolde öffnet nur Abbilder und Ordner.',
  },
  advice: {
    NOT_AN_IMAGE:
      'Falls es eines sein sollte: Es ist vielleicht verschlüsselt, auf unbekannte Art gepackt oder gleich am Anfang beschädigt.',
    EMPTY_FILE: 'Vielleicht ist der Download fehlgeschlagen. Laden Sie es noch einmal.',
    NOTHING_READABLE: 'Der Anfang ist beschädigt. Laden oder lesen Sie die Scheibe noch einmal, wenn es geht.',
    UNSUPPORTED_CONTAINER: 'Wandeln Sie es mit dem Programm, das es erzeugt hat, in eine einfache .iso um.',
    NO_SUCH_FILE: 'Sie wurde vielleicht verschoben oder umbenannt. Suchen Sie im Ordner darum herum.',
    NO_SUCH_PATH: 'Gehen Sie nach oben, oder wählen Sie eine andere Ansicht des Abbilds.',
    SOURCE_GONE: 'Stecken Sie das Laufwerk wieder an, oder sehen Sie nach, wo die Datei ist; dann noch einmal.',
    SOURCE_UNREADABLE: 'Das Laufwerk ist vielleicht am Ende. Kopieren Sie das Abbild woandershin, solange das geht.',
    SOURCE_FORBIDDEN: 'Bitten Sie um Leserechte, oder kopieren Sie es in einen eigenen Ordner.',
    CONTENT_DAMAGED:
      'Laden oder lesen Sie die Scheibe noch einmal; was lesbar ist, lässt sich jetzt schon extrahieren.',
    NAME_TAKEN: 'Wählen Sie einen anderen Namen.',
    NO_SPACE: 'Schaffen Sie Platz, oder wählen Sie einen anderen Ordner; dann noch einmal.',
    NO_PERMISSION: 'Wählen Sie einen eigenen Ordner.',
    READ_ONLY: 'Wählen Sie einen Ordner auf einem anderen Laufwerk.',
    FILE_TOO_LARGE: 'Wählen Sie ein Laufwerk, dessen Dateisystem so große Dateien zulässt.',
    NAME_TOO_LONG: 'Wählen Sie einen kürzeren Namen oder einen Ordner weiter oben.',
    ENGINE_GONE: 'Versuchen Sie es gleich noch einmal.',
    INTERNAL: 'Versuchen Sie es noch einmal. Geschieht es jedes Mal, ist das Abbild eine Meldung wert.',
  },
}
