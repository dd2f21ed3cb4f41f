import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { SliceSource } from '../../core/sources/slice-source'
import { hasRecognizable } from './recognizable'
import { COOKED, detectSectorLayout, hasSync, type SectorLayout } from './raw-sectors'

/**
 * Looks whether a track's bytes are the sectors that its sheet speaks of, and answers the layout that they have. Where
 * the bytes tell nothing, the sheet is believed.
 * @param track how it is called in the diagnostic
 */
export async function trueLayout(
  source: ByteSource,
  byteOffset: number,
  stated: SectorLayout,
  isAudio: boolean,
  track: string,
  log: DiagnosticLog,
): Promise<{ layout: SectorLayout; isAudio: boolean }> {
  const bytes = new SliceSource(source, byteOffset)
  if (isAudio) {
    const start = await bytes.read(0, stated.stride + 16)
    if (!hasSync(start) || !hasSync(start, stated.stride)) return { layout: stated, isAudio }
    const layout = { stride: stated.stride, dataOffset: start[15] === 2 ? 24 : 16, hasHeader: true }
    report(log, track, 'audio', layout)
    return { layout, isAudio: false }
  }
  if (await hasRecognizable(bytes, stated)) {
    if (stated.hasHeader) await reportMode(bytes, stated, track, log)
    return { layout: stated, isAudio }
  }
  const found = await detectSectorLayout(bytes)
  if (found === null) {
    if (stated.stride === COOKED.stride || !(await hasRecognizable(bytes, COOKED))) return { layout: stated, isAudio }
    report(log, track, `${stated.stride} bytes`, COOKED)
    return { layout: COOKED, isAudio }
  }
  // The mode matters where sectors have no header of their own to tell it.
  if (found.stride === stated.stride && (found.hasHeader || found.dataOffset === stated.dataOffset)) {
    return { layout: found, isAudio }
  }
  report(log, track, `${stated.stride} bytes`, found)
  return { layout: found, isAudio }
}

/** Sectors with headers are read by those; a sheet that names the other mode is wrong all the same. */
async function reportMode(bytes: ByteSource, stated: SectorLayout, track: string, log: DiagnosticLog): Promise<void> {
  const header = await bytes.read(16 * stated.stride, 16)
  const mode = header[15]
  const own = stated.dataOffset === 24 ? 2 : 1
  if (!hasSync(header) || (mode !== 1 && mode !== 2) || mode === own) return
  log.warn(
    'SECTOR_MODE_WRONG',
    `The sheet's mode for ${track} is wrong: it says mode ${own}, the sectors say mode ${mode}. The sectors are believed.`,
  )
}

function report(log: DiagnosticLog, track: string, stated: string, found: SectorLayout): void {
  log.warn(
    'SECTOR_MODE_WRONG',
    `The sheet's mode for ${track} is wrong: it says sectors of ${stated}, the file holds sectors of ${found.stride} bytes with data. The file is believed.`,
  )
}
