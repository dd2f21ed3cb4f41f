import { damagedFiles, makeNode, readImageTree, walk, type AuthorNode } from '../../author'
import { FAT_FILE_LIMIT, leastFat32 } from '../../author/stick/fat32'
import { copyLinks } from '../../author/stick/links'
import { deviceNames } from '../../author/stick/names'
import { planStick, type StickPlan, type StickVolume } from '../../author/stick/stick'
import { PART_LENGTH, splitWim } from '../../author/stick/wim-split'
import type { DiscImage } from '../../image'
import { DeviceError, type DeviceErrorCode } from '../device-error'
import type { DrivePlan } from './drive-plan'

/** UEFI 3.5.1.1: what firmware starts from a medium that can be taken out. */
const BOOT_FILE = /^EFI\/BOOT\/BOOT[A-Z0-9]+\.EFI$/i
/** What Windows needs before it looks at other volumes. */
const BOOT_PARTS = /^(bootmgr(\.efi)?|boot|efi|sources|sources\/boot\.wim|(boot|efi)\/.*)$/i

/** From what length on files are split, and into what: tests say less. */
export interface SplitLimits {
  fileLimit: number
  partLength: number
}

export interface FilesRequest {
  image: DiscImage
  /** Null where nobody has said one: MBR, which every firmware reads. */
  table: 'mbr' | 'gpt' | null
  /** In bytes. */
  driveLength: number
}

/** Whether firmware would start what the image’s files hold. */
export async function canPlanFiles(image: DiscImage): Promise<boolean> {
  const view = image.view(image.info.defaultViewId)
  const table = await view.readTree()
  for (let index = 1; index < table.length; index++)
    if (table.kindOf(index) === 'file' && BOOT_FILE.test(table.pathOf(index))) return true
  return false
}

/**
 * A drive with the image’s files on a FAT32 partition, as firmware with UEFI starts from. What is too long for FAT32 is
 * split where it is a Windows image; else it goes to an exFAT partition, with everything beside it.
 * @throws {DeviceError} `CONTENT_DAMAGED`, `DRIVE_TOO_SMALL`, `NOT_FOR_DRIVES`, …
 */
export async function planFiles(
  { image, table, driveLength }: FilesRequest,
  limits: SplitLimits = { fileLimit: FAT_FILE_LIMIT, partLength: PART_LENGTH },
): Promise<DrivePlan> {
  const tree = await readImageTree(image, image.info.defaultViewId)
  const damage = [...tree.damage, ...damagedFiles(tree.root)]
  const [first] = damage
  if (first !== undefined)
    throw new DeviceError(
      'CONTENT_DAMAGED',
      `${first.message} Nothing was written: the drive would not start as it should.`,
    )
  const label = image.info.label
  try {
    const leftOut = copyLinks(tree.root)
    const whole = await splitLarge(tree.root, limits)
    const volumes = whole ? [fatVolume(tree.root, label, null)] : twoVolumes(tree.root, label)
    const plan = drivePlan(planStick(volumes, table ?? 'mbr', driveLength), 'files')
    return { ...plan, leftOut, notes: deviceNames(tree.root).map(noteOfDevice) }
  } catch (error) {
    throw asDeviceError(error)
  }
}

function noteOfDevice(path: string): string {
  return `“${path}” is there, and Windows cannot open it: it takes that name for a device.`
}

/** Puts parts in the place of Windows images that are too long. @returns whether all files are then short enough */
async function splitLarge(root: AuthorNode, { fileLimit, partLength }: SplitLimits): Promise<boolean> {
  let isWhole = true
  for (const folder of [root, ...[...walk(root)].map(({ node }) => node)]) {
    if (folder.kind !== 'directory') continue
    const children: AuthorNode[] = []
    for (const node of folder.children) {
      const { content, name } = node
      if (content === null || content.byteLength <= fileLimit) {
        children.push(node)
        continue
      }
      const parts = /\.wim$/i.test(name)
        ? await splitWim(content, name.slice(0, -'.wim'.length), partLength, fileLimit)
        : null
      if (parts === null) {
        isWhole = false
        children.push(node)
      } else for (const part of parts) children.push(makeNode({ ...node, name: part.name, content: part.content }))
    }
    folder.children = children
  }
  return isWhole
}

function fatVolume(root: AuthorNode, label: string, byteLength: number | null): StickVolume {
  return { type: 'fat32', label, root, byteLength }
}

/** One to start from, and one with everything: as Windows finds it when it has started. */
function twoVolumes(root: AuthorNode, label: string): StickVolume[] {
  const boot = bootTree(root)
  const least = Math.ceil(leastFat32(boot) * 1.05)
  return [fatVolume(boot, 'BOOT', least), { type: 'exfat', label, root, byteLength: null }]
}

function bootTree(root: AuthorNode): AuthorNode {
  const copy = (node: AuthorNode, path: string): AuthorNode => {
    const children = node.children.flatMap((child) => {
      const own = path === '' ? child.name : `${path}/${child.name}`
      return BOOT_PARTS.test(own) && (child.content?.byteLength ?? 0) <= FAT_FILE_LIMIT ? [copy(child, own)] : []
    })
    return { ...node, children }
  }
  return copy(root, '')
}

/** What a stick’s plan means for the drive. */
export function drivePlan({ layout, ranges, partitions, places }: StickPlan, how: 'files' | 'empty'): DrivePlan {
  const ordered = [...places].toSorted(([, a], [, b]) => a - b)
  const nameAt = (at: number): Promise<string | null> => {
    const found = ordered.findLast(([content, from]) => from <= at && at < from + content.byteLength)
    return Promise.resolve(found?.[0].origin ?? null)
  }
  const last = ranges.at(-1)
  return {
    ...{ how, ranges, source: layout, descriptor: null, nameAt, leftOut: [], notes: [] },
    byteLength: last === undefined ? 0 : last.byteOffset + last.byteLength,
    parts: partitions.map(({ type, label, byteOffset, byteLength }) => ({ type, label, byteOffset, byteLength })),
    close: () => layout.close(),
  }
}

const CODES: Readonly<Record<string, DeviceErrorCode>> = {
  IMAGE_TOO_LARGE: 'DRIVE_TOO_SMALL',
  FILE_TOO_LARGE: 'FILE_TOO_LARGE',
  BAD_REQUEST: 'NOT_FOR_DRIVES',
}

/** What the author refuses, as this folder says it. */
export function asDeviceError(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string }
  const own = CODES[code ?? '']
  return own === undefined || error instanceof DeviceError ? error : new DeviceError(own, message)
}
