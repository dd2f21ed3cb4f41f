import type { ByteSource } from '../byte-source'
import type { DiscLayout, Track } from './disc-layout'

/** Sections of an INI file, each with its keys in lower case. */
function parseIni(text: string): { name: string; values: Map<string, string> }[] {
  const sections: { name: string; values: Map<string, string> }[] = []
  for (const line of text.split(/\r\n|\r|\n/)) {
    const header = /^\s*\[([^\]]+)\]/.exec(line)
    if (header !== null) sections.push({ name: (header[1] ?? '').toLowerCase(), values: new Map() })
    const pair = /^\s*([^=;]+?)\s*=\s*(.*?)\s*$/.exec(line)
    if (pair !== null) sections.at(-1)?.values.set((pair[1] ?? '').toLowerCase(), pair[2] ?? '')
  }
  return sections
}

/** CloneCD: a table of contents beside an .img of 2352-byte sectors. */
export function readCloneCd(text: string, image: ByteSource): DiscLayout {
  const points: { number: number; session: number; start: number; isAudio: boolean }[] = []
  for (const { name, values } of parseIni(text)) {
    if (!name.startsWith('entry')) continue
    const number = Number(values.get('point') ?? NaN)
    const start = Number(values.get('plba') ?? NaN)
    if (!(number >= 1 && number <= 99) || !Number.isInteger(start) || start < 0) continue
    // Bit 2 of the control field: a data track (ECMA-130 22.3.1).
    const isAudio = (Number(values.get('control') ?? 0) & 4) === 0
    points.push({ number, session: Number(values.get('session') ?? 1) || 1, start, isAudio })
  }
  points.sort((a, b) => a.start - b.start)
  const total = Math.floor(image.byteLength / 2352)
  const tracks = points.map<Track>((point, index) => ({
    number: point.number,
    session: point.session,
    isAudio: point.isAudio,
    startSector: point.start,
    sectorCount: Math.max(0, Math.min(points[index + 1]?.start ?? total, total) - point.start),
    source: image,
    byteOffset: point.start * 2352,
    layout: { stride: 2352, dataOffset: point.isAudio ? 0 : 16, hasHeader: !point.isAudio },
  }))
  return { tracks, sources: [image] }
}
