import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { SiblingOpener } from '../../core/disc-image'
import { rightWayRound } from '../sectors/swapped-sectors'
import { openSoundFile, type SoundFile } from './sound-file'
import { placesOf, withoutExtension } from './sheet-text'

/** Of sound files that sheets name; what was packed later keeps the name that it had, and the sheet the extension. */
export const SOUND_EXTENSIONS = ['wav', 'flac', 'ape', 'wv', 'tta', 'mp3', 'ogg', 'm4a', 'aiff']

function otherSounds(name: string): string[] {
  const extension = /\.([^.]*)$/.exec(name.toLowerCase())?.[1] ?? ''
  if (!SOUND_EXTENSIONS.includes(extension)) return []
  return SOUND_EXTENSIONS.filter((other) => other !== extension).map((other) => `${withoutExtension(name)}.${other}`)
}

/** The files that one sheet names: each is opened once, and what is missing is remembered. */
export class SheetFiles {
  /** Everything that was opened, to be closed with the disc. */
  readonly sources: ByteSource[] = []
  readonly missing: string[] = []
  private readonly byName = new Map<string, Promise<ByteSource | null>>()
  private readonly sounds = new Map<string, Promise<SoundFile>>()

  /** @param sheet the sheet's own name */
  constructor(
    readonly sheet: string,
    private readonly openSibling: SiblingOpener,
    readonly log: DiagnosticLog,
  ) {}

  /**
   * A file that the sheet names.
   * @param renamed other names under which it may lie, as when it was renamed along with the sheet
   */
  open(name: string, renamed: readonly string[] = []): Promise<ByteSource | null> {
    let opening = this.byName.get(name)
    if (opening === undefined) {
      opening = this.find(name, renamed)
      this.byName.set(name, opening)
    }
    return opening
  }

  /** As `open`, for the file of an audio track. */
  async openSound(name: string, type: string, renamed: readonly string[] = []): Promise<SoundFile | null> {
    const others = otherSounds(name).flatMap((other) => placesOf(other))
    const source = await this.open(name, [...others, ...renamed])
    if (source === null) return null
    let sound = this.sounds.get(name)
    if (sound === undefined) {
      sound = openSoundFile(source, name, type)
      this.sounds.set(name, sound)
      const { foreign, missingByteLength } = await sound
      // What it costs is said by the tracks that lie there.
      if (missingByteLength > 0)
        this.log.recovered(
          'SOUND_CUT_SHORT',
          Number.isFinite(missingByteLength)
            ? `“${name}” lacks ${missingByteLength} bytes of the sound that it says it holds.`
            : `“${name}” ends before its sound begins.`,
        )
      if (foreign !== null) {
        this.log.note(
          'SOUND_NOT_SAMPLES',
          `“${name}” is not sound as a CD has it but a ${foreign.label} file: it is given as it is.`,
        )
      }
    }
    return sound
  }

  async close(): Promise<void> {
    for (const source of this.sources) await source.close()
  }

  private async find(name: string, renamed: readonly string[]): Promise<ByteSource | null> {
    for (const candidate of [...placesOf(name), ...renamed]) {
      const opened = await this.openSibling(candidate)
      if (opened === null) continue
      const found = await rightWayRound(opened, candidate, this.log)
      this.sources.push(found)
      return found
    }
    this.missing.push(name)
    return null
  }
}
