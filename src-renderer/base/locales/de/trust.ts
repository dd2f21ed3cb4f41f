import type { trustWords as english } from '../en/trust'

export const trustWords: typeof english = {
  trust: {
    open: '{state} Zeigen, was bekannt ist',
    what: 'Was es ist',
    evidence: 'Woher man das weiß',
    isWhole: 'Ist es vollständig?',
    isGenuine: 'Ist es echt?',
    checking: 'Wird geprüft…',
    check: 'Jetzt prüfen',
    again: 'Erneut prüfen',
    deep: 'Auch in Dateien prüfen',
    save: 'Bericht als {format} speichern',
    proven: '{percent} % ({size}) sind durch Prüfsummen belegt.',
    checkedAt: 'Geprüft am {date}.',
    noSignature: 'Hier ist nichts signiert. Eine Prüfsumme allein sagt, dass es vollständig ist, nicht von wem.',
    addKey: 'Schlüssel hinzufügen…',
    addKeyTitle: 'Schlüssel hinzufügen',
    addKeyLabel:
      'Datei mit dem öffentlichen Schlüssel des Herstellers. Vergleichen Sie zuerst den Fingerabdruck mit dessen Seite.',
    addKeyConfirm: 'Diesem Schlüssel vertrauen',
    ranges: 'Kein beschädigter Bereich | {n} beschädigter Bereich | {n} beschädigte Bereiche',
    passed: 'Keine Prüfung bestanden | {n} Prüfung bestanden | {n} Prüfungen bestanden',
    map: 'Nichts beschädigt | {n} beschädigter Bereich im Abbild | {n} beschädigte Bereiche im Abbild',
    short: {
      unchecked: 'Nicht geprüft',
      whole: 'Vollständig',
      unproven: 'Nichts zu prüfen',
      genuine: 'Echt',
      damaged: 'Beschädigt',
      cut: 'Abgeschnitten: {percent} % vorhanden',
      forged: 'Signatur passt nicht',
    },
    long: {
      unchecked: 'Dieses Abbild hat noch niemand geprüft.',
      whole: 'Es ist vollständig: Jede Prüfsumme stimmt.',
      unproven: 'Nichts hier kann es belegen: Es enthält keine Prüfsummen, und daneben liegen keine.',
      genuine: 'Es ist echt: signiert von {signer}.',
      damaged: 'Es ist beschädigt. | Es ist beschädigt: {n} Datei. | Es ist beschädigt: {n} Dateien.',
      cut: 'Es ist abgeschnitten: {percent} % sind vorhanden.',
      forged: 'Die Signatur passt nicht: Es ist nicht das, was signiert wurde.',
    },
    states: {
      suspect: 'in einer Prüfsumme, die nicht stimmt',
      bad: 'beschädigt',
      unread: 'nicht lesbar',
      missing: 'fehlt',
    },
    signature: {
      genuine: '{over}: signiert von {signer}.',
      'unknown-key':
        '{over}: signiert mit einem Schlüssel, dem Sie noch nicht vertrauen. Vergleichen Sie den Fingerabdruck mit der Seite des Herstellers.',
      bad: '{over}: Die Signatur passt nicht.',
      'not-valid': '{over}: Die Signatur zählt nicht.',
    },
  },
}
