import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { because } from '../../src-shared/model'
import { DeviceError } from './device-error'
import type { Drive, InUse, Machine } from './drive'
import { verdict, type Rejection } from './guard'
import { confirmWord, driveName, isConfirmedBy } from './identity'
import { listMachine, readExtraDrives } from './list'
import { fileNodeId } from './list/linux'
import { withContents } from './look-inside'
import { recordFile } from './list/linux-record'

/** A drive, with what it takes to write to it. */
export interface OfferedDrive {
  drive: Drive
  /** What has to be typed. */
  confirm: string
  /** Null where it may be written. */
  refused: Rejection | null
}

export interface FoundDrives {
  machine: Machine
  drives: OfferedDrive[]
}

export interface FindOptions {
  /** What else is in use: the image that is read, the profile. */
  inUse?: readonly InUse[]
  environment?: NodeJS.ProcessEnv
  /** A drive that is built in may be meant. */
  isFixedAllowed?: boolean
  /** What lies on them is to be told to people: it is looked for where the system does not tell. */
  isShown?: boolean
  warn?: (sentence: string) => void
}

/** What this program itself needs: where it runs from, and where it keeps what it unpacks. */
export function ownPlaces(): InUse[] {
  return [
    { kind: 'program', path: path.dirname(fileURLToPath(import.meta.url)) },
    { kind: 'program', path: process.execPath },
    { kind: 'scratch', path: os.tmpdir() },
  ]
}

/** Every drive of this computer, and whether it may be written. @throws {DeviceError} where they cannot be listed */
export async function findDrives(options: FindOptions = {}): Promise<FoundDrives> {
  const {
    inUse = [],
    environment = process.env,
    isFixedAllowed = false,
    isShown = false,
    warn = () => undefined,
  } = options
  const extraDrives = readExtraDrives(environment.ISOLDE_DRIVES, warn)
  const listed = await listMachine({ extraDrives, inUse: [...ownPlaces(), ...inUse] })
  const machine = isShown ? await withAllContents(listed) : listed
  const drives = machine.drives.map((drive) => ({
    drive,
    confirm: confirmWord(drive, machine.drives),
    refused: verdict(drive, machine, isFixedAllowed),
  }))
  return { machine, drives }
}

async function withAllContents(machine: Machine): Promise<Machine> {
  const drives: Drive[] = []
  for (const drive of machine.drives) drives.push(await withContents(drive, machine.nodes))
  return { ...machine, drives }
}

/**
 * The drive that somebody means by a path: by whichever of its names, links followed.
 * @throws {DeviceError} `NO_SUCH_DRIVE`; also for a part of a drive, which is never taken for the whole
 */
export function driveAt(named: string, { machine, drives }: FoundDrives): OfferedDrive {
  const id = process.platform === 'linux' ? nodeAt(named) : null
  const found = drives.find(({ drive }) => (id === null ? drive.path === named : drive.id === id))
  if (found !== undefined) return found
  const node = machine.nodes.find((each) => each.id === id)
  if (node?.kind === 'partition') {
    const whole = drives.find(({ drive }) => node.on.includes(drive.id))?.drive.path ?? 'the drive'
    throw new DeviceError('NO_SUCH_DRIVE', `${named} is a part of a drive. Name the whole one: ${whole}.`)
  }
  throw new DeviceError(
    'NO_SUCH_DRIVE',
    `${named} is not a drive of this computer; “isolde drives” lists them.`,
    null,
    because('noSuchDrive', { drive: named }),
  )
}

/** The node of the machine that a path leads to; null where it leads nowhere. */
function nodeAt(named: string): string | null {
  const file = recordFile(named)
  return file === null ? null : (file.block ?? fileNodeId(file))
}

/**
 * That a drive may be written over, and that whoever asks knows which one it is.
 * @param word what was typed
 * @throws {DeviceError} `DRIVE_REFUSED` with the reason, `NOT_CONFIRMED` with what has to be typed
 */
export function assertMayWrite({ drive, confirm, refused }: OfferedDrive, word: string, all: FoundDrives): void {
  if (refused !== null)
    throw new DeviceError(
      'DRIVE_REFUSED',
      `${drive.path} is not written: ${refused.reason}`,
      null,
      because('driveRefused', { drive: drive.path, why: { message: refused.reason, details: refused.details } }),
    )
  if (!isConfirmedBy(word, drive, all.machine.drives))
    throw new DeviceError(
      'NOT_CONFIRMED',
      `Everything on ${driveName(drive)} would be lost. To go on, say --confirm "${confirm}"; not “${word}”.`,
    )
}
