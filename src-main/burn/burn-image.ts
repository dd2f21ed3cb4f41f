import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { verdict, type FoundDrives, type OfferedDrive } from '../devices'
import { findProgram } from '../devices/list/system-programs'
import { FileByteSource } from '../files/file-byte-source'
import type { ByteSource } from '../image'
import type { Control } from '../task'
import { BurnError } from './burn-error'
import { assertFits, readCdrskinMedium, readXorrisoMedium, saysNoDisc, type Medium } from './medium'
import { BURNERS, burnArguments, complaintIn, INSTALL, mediumArguments, type Burner } from './programs'
import { runBurner } from './run-burner'

export interface BurnRequest {
  offered: OfferedDrive
  found: FoundDrives
  /** The image as plain blocks. */
  source: ByteSource
  /** As many times as fast as the slowest of its kind; null: as fast as it goes. */
  speed: number | null
  /** What is on the disc goes. */
  isBlanked: boolean
  /** Told what lies in the drive, before anything is written. */
  onMedium?: (medium: Medium | null, burner: Burner) => void
  /** Where programs are; for tests. */
  find?: (name: string) => string | null
}

export interface BurnedDisc {
  drive: string
  burner: Burner
  /** Null where the program does not tell. */
  medium: Medium | null
  byteLength: number
  bytesChecked: number
  /** Of the image, in hexadecimal: what was burned, and what was read back. */
  sha256: string
}

const CHUNK_BYTES = 1 << 20
const PATIENCE = 120_000

/**
 * Burns an image and reads all of it back. What can be refused is refused before anything is written.
 * @throws {BurnError} `PROGRAM_MISSING`, `DRIVE_REFUSED`, `NO_MEDIUM`, `NOT_BLANK`, `DRIVE_TOO_SMALL`, `BURN_FAILED`,
 *   `CHECK_FAILED` with the first byte that differs
 * @throws {CancelledError}
 */
export async function burnImage(request: BurnRequest, control: Control): Promise<BurnedDisc> {
  const { offered, source, speed, isBlanked, find = findProgram } = request
  assertSystem(process.platform)
  assertMayBurn(request)
  const { path: drive, bus } = offered.drive
  const burner = BURNERS.find((name) => find(name) !== null)
  const program = burner === undefined ? null : find(burner)
  if (burner === undefined || program === null) throw new BurnError('PROGRAM_MISSING', INSTALL)
  const isFile = bus === 'file'
  const { byteLength } = source
  if (byteLength === 0) throw new BurnError('BAD_REQUEST', 'The image is empty; there is nothing to burn.')
  control.progress({ bytesTotal: byteLength * 2, isCounting: false, phase: 'preparing' })
  const medium = await mediumIn(burner, program, drive, isFile)
  if (medium !== null) assertFits(medium, drive, byteLength, isBlanked)
  request.onMedium?.(medium, burner)
  control.progress({ phase: 'writing' })
  const args = burnArguments(burner, {
    drive,
    isFile,
    byteLength,
    speed,
    isBlanked: isBlanked && medium?.state !== 'blank',
  })
  const sha256 = await runBurner(program, args, source, control)
  control.progress({ phase: 'checking', bytesDone: byteLength })
  await assertSame(drive, source, sha256, control)
  return { drive, burner, medium, byteLength, bytesChecked: byteLength, sha256 }
}

/** @throws {BurnError} `UNSUPPORTED_HERE` */
export function assertSystem(platform: NodeJS.Platform): void {
  if (platform === 'linux') return
  const instead = platform === 'darwin' ? 'the Finder burns an image' : 'the Explorer burns an image'
  throw new BurnError('UNSUPPORTED_HERE', `Discs are burned on Linux only so far; here ${instead} that is a file.`)
}

/** Drives for discs, and the files that stand for one; never what the image itself lies on. */
function assertMayBurn({ offered: { drive, refused }, found }: BurnRequest): void {
  if (drive.bus !== 'optical' && drive.bus !== 'file')
    throw new BurnError(
      'DRIVE_REFUSED',
      `${drive.path} is no drive for discs; “isolde write” writes to sticks and cards.`,
    )
  // A disc counts as a stick here: what matters is whether something on it is in use.
  const reason = verdict(
    { ...drive, bus: 'usb', readOnly: false, byteLength: Math.max(1, drive.byteLength) },
    found.machine,
  )
  const rejection = drive.bus === 'file' && refused?.code === 'read-only' ? refused : reason
  if (rejection !== null) throw new BurnError('DRIVE_REFUSED', `${drive.path} is not burned: ${rejection.reason}`)
}

/**
 * What lies in a drive; null where the program cannot say.
 * @throws {BurnError} `BURN_FAILED` where the program fails, and not for want of a disc
 */
async function mediumIn(burner: Burner, program: string, drive: string, isFile: boolean): Promise<Medium | null> {
  const told: Told[] = []
  for (const args of mediumArguments(burner, { drive, isFile })) told.push(await tellOf(program, args))
  const [first, second] = told
  if (first === undefined) return null
  const medium =
    burner === 'xorriso' ? readXorrisoMedium(first.text) : readCdrskinMedium(first.text, second?.text ?? '')
  if (medium.state === 'none' && first.isFailed && !saysNoDisc(first.text))
    throw new BurnError(
      'BURN_FAILED',
      `${burner} cannot use ${drive}: ${complaintIn(first.text) || 'it failed, and said nothing'}.`,
    )
  return medium
}

interface Told {
  /** On both of its outputs. */
  text: string
  isFailed: boolean
}

/** What a program prints, whether it is content or not: an empty drive is no failure here. */
function tellOf(program: string, args: readonly string[]): Promise<Told> {
  return new Promise((resolve) => {
    const environment = { ...process.env, LC_ALL: 'C' }
    const options = { env: environment, timeout: PATIENCE, windowsHide: true }
    execFile(program, [...args], options, (error, stdout, stderr) => {
      resolve({ text: `${stdout}\n${stderr}`, isFailed: error !== null })
    })
  })
}

/** @throws {BurnError} `CHECK_FAILED` */
async function assertSame(drive: string, source: ByteSource, sha256: string, control: Control): Promise<void> {
  const { byteLength } = source
  const disc = FileByteSource.open(drive)
  const hash = createHash('sha256')
  try {
    for (let at = 0; at < byteLength; at += CHUNK_BYTES) {
      await control.checkpoint()
      const wanted = Math.min(CHUNK_BYTES, byteLength - at)
      const bytes = disc.read(at, wanted)
      hash.update(bytes)
      const expected = await source.read(at, wanted)
      if (Buffer.compare(bytes, expected) !== 0) throw checkFailure(drive, at + firstDifference(bytes, expected))
      control.progress({ bytesDone: byteLength + at + wanted })
    }
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    throw checkFailure(drive, (error as { byteOffset?: number }).byteOffset ?? 0)
  } finally {
    disc.close()
  }
  // The image is not what it was when it was burned.
  if (hash.digest('hex') !== sha256) throw checkFailure(drive, 0)
}

function firstDifference(bytes: Uint8Array, expected: Uint8Array): number {
  const at = bytes.findIndex((byte, i) => byte !== expected[i])
  return at < 0 ? bytes.byteLength : at
}

function checkFailure(drive: string, byteOffset: number): BurnError {
  return new BurnError(
    'CHECK_FAILED',
    `The disc in ${drive} does not give back what was burned: the first difference is at byte ${byteOffset}. Use another disc, or a lower --speed.`,
    byteOffset,
  )
}
