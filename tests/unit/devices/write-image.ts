import {
  driveAt,
  filesInUse,
  findDrives,
  planDrive,
  writeDrive,
  type DrivePlan,
  type InUse,
  type Phase,
  type WrittenDrive,
} from '../../../src-main/devices'
import { openLocation } from '../../../src-main/engine/images'
import { UNCONTROLLED, type Control } from '../../../src-main/task'

interface Wish {
  confirm?: string
  isChecked?: boolean
  isFitted?: boolean
  how?: 'as-is' | 'files'
  table?: 'mbr' | 'gpt'
  inside?: readonly string[]
  onPhase?: (phase: Phase) => void | Promise<void>
  control?: Control
  /** Made of the plan before it is written. */
  change?: (plan: DrivePlan) => DrivePlan
}

/** What the command does, in this process: so that something can happen between its steps. */
export async function writeImage(image: string, to: string, wish: Wish = {}): Promise<WrittenDrive> {
  const inside = (wish.inside ?? []).map((each) => ({ view: null, path: each }))
  const opened = await openLocation(image, { inside })
  try {
    const inUse: InUse[] = filesInUse(opened.path, opened.file)
    const found = await findDrives({ inUse })
    const offered = driveAt(to, found)
    const isPlain = inside.length === 0 && opened.image.info.containers.every((each) => each === 'plain')
    const planned = await planDrive({
      image: opened.image,
      file: isPlain ? opened.file : null,
      how: wish.how ?? null,
      table: wish.table ?? null,
      isFitted: wish.isFitted ?? false,
      containerDamage: opened.containerDamage,
      driveLength: offered.drive.byteLength,
    })
    const plan = wish.change?.(planned) ?? planned
    const options = {
      confirm: wish.confirm ?? offered.confirm,
      isChecked: wish.isChecked ?? true,
      isFixedAllowed: false,
      inUse,
      problemOf: () => opened.rewritten()[0]?.message ?? null,
      ...(wish.onPhase === undefined ? {} : { onPhase: wish.onPhase }),
    }
    return await writeDrive(offered, found, plan, options, wish.control ?? UNCONTROLLED)
  } finally {
    await opened.close()
  }
}
