import { because } from '../../../../src-shared/model'
import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { Likelihood } from '../../core/likelihood'
import { PlacedSource } from '../../core/sources/placed-source'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { FileSystem, FileSystemContext, FoundFileSystem, Volume } from '../file-system'
import { beginnings } from './beginning'
import { DirectoryScan } from './directory-scan'
import { readBootImages } from './el-torito/boot-images'
import { isoViews } from './iso-views'
import { blockSizeOf, type IsoVolume } from './iso-volume'
import { plainSession } from './plain-session'
import { findSessions, type Sessions } from './sessions'
import { SECTOR_LENGTH, SYSTEM_AREA_SECTORS, type TreeDescriptor } from './volume-descriptor'

/** ECMA-119 with Rock Ridge, Joliet and ISO 9660:1999, in sessions, and El Torito's boot images. */
export const iso9660: FileSystem = {
  id: 'iso9660',
  marks: ['CD001'],
  // On a disc a volume may begin at any track, and descriptors may be damaged: only opening tells.
  probe: ({ isWhole, head }) =>
    matchesAscii(head, SYSTEM_AREA_SECTORS * SECTOR_LENGTH + 1, 'CD001')
      ? Likelihood.sure
      : isWhole
        ? Likelihood.maybe
        : Likelihood.no,
  scan: (volume) => new DirectoryScan(volume),
  beginnings,
  open: async (volume, context) => {
    const { log, dataStarts } = context
    const sessions = await findSessions(volume.structures, dataStarts, log)
    const lone = placeLoneSession(volume, sessions)
    if (lone === null) return describe(volume.source, sessions, context)
    log.warn(
      'EARLIER_SESSION_MISSING',
      `The image is a later session of its disc, kept alone: what lies in the first ${lone.sector} sectors is not in it.`,
    )
    const start = { sector: lone.sector, session: 1 }
    const placed = await findSessions(new TolerantSource(lone.blocks, log), [start], log)
    const found = await describe(lone.blocks, placed, context)
    // What is written of it lies as it does in the file.
    return found && { ...found, plain: undefined, byteEnd: found.byteEnd - lone.sector * SECTOR_LENGTH }
  },
}

async function describe(
  blocks: ByteSource,
  sessions: Sessions,
  { log, charset, longFiles, measure }: FileSystemContext,
): Promise<FoundFileSystem | null> {
  const { volumes, defaultIndex } = sessions
  const main = volumes[defaultIndex]
  if (main === undefined) return null
  const isMany = volumes.length > 1
  const views = volumes
    .map((volume, index) => ({ volume, session: isMany ? index + 1 : 0, isMain: volume === main }))
    .sort((a, b) => Number(b.isMain) - Number(a.isMain))
    .flatMap(({ volume, session, isMain }) =>
      isoViews(blocks, volume, { charset, session, isMain, longFiles: isMain ? longFiles : undefined }),
    )
  if (isMany) reportSessions(sessions, log)
  const boot = await readBootImages(blocks, main, views[0], measure, log)
  if (boot !== null) views.push(boot.view)
  const descriptor = treeOf(main)
  return {
    views,
    byteEnd: endOf(volumes, blocks.byteLength),
    facts: {
      systemId: descriptor?.systemId,
      publisher: descriptor?.publisher,
      preparer: descriptor?.preparer,
      application: descriptor?.application,
      volumeSetId: descriptor?.volumeSetId,
      copyrightFile: descriptor?.copyrightFile,
      abstractFile: descriptor?.abstractFile,
      bibliographicFile: descriptor?.bibliographicFile,
    },
    dates: { created: descriptor?.created, modified: descriptor?.modified },
    boot: boot?.entries ?? [],
    plain: (written) => plainSession(written, main, volumes.length),
  }
}

function reportSessions({ volumes, defaultIndex }: Sessions, log: DiagnosticLog): void {
  log.note(
    'MORE_SESSIONS',
    `The image holds ${volumes.length} sessions; session ${defaultIndex + 1} is shown.`,
    undefined,
    because('sessionShown', { total: volumes.length, session: defaultIndex + 1 }),
  )
}

function treeOf(volume: IsoVolume): TreeDescriptor | null {
  return volume.primary ?? volume.joliet ?? volume.enhanced
}

/**
 * A later session that was kept alone counts its blocks from the start of a disc whose beginning is not in the file. Null
 * for every other image.
 */
function placeLoneSession(
  { source }: Volume,
  { volumes, defaultIndex }: Sessions,
): { blocks: ByteSource; sector: number } | null {
  const main = volumes[defaultIndex]
  const tree = main === undefined ? null : treeOf(main)
  if (main === undefined || tree === null || volumes.length !== 1 || main.blockDelta >= 0) return null
  const start = -main.blockDelta * blockSizeOf(tree)
  return start % SECTOR_LENGTH === 0 ? { blocks: new PlacedSource(source, start), sector: start / SECTOR_LENGTH } : null
}

/** Where the last session's volume ends, in bytes of the blocks. */
function endOf(volumes: readonly IsoVolume[], byteLength: number): number {
  let end = 0
  for (const volume of volumes) {
    const tree = volume.primary ?? volume.joliet
    if (tree === null) continue
    const size = tree.volumeSpaceSize * blockSizeOf(tree)
    const fromSession = volume.sessionStart + size
    // Writers disagree whether a later session's size counts from its own start or the disc's.
    end = Math.max(end, fromSession > byteLength && size <= byteLength ? size : fromSession)
  }
  return end
}
