import { assertMayWrite, driveAt, filesInUse, findDrives, planDrive, profileFolder, type InUse } from '../../../engine'
import { imageArgument, locationOptions, parse, type ValuesOf } from '../../arguments'
import { runWriting } from '../../drive-report'
import { driveFacts, summedUp, type DriveFacts } from '../../drive-summary'
import { UsageError } from '../../exit-status'
import { openLocation } from '../../open-location'
import { warn } from '../../output'
import { write } from './definition'

/** `isolde write IMAGE --to DRIVE --confirm WORD`: what is asked is found out before anything is changed. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(write, args)
  const imagePath = imageArgument('write', positionals, 1)
  const { to } = values
  if (to === undefined) throw new UsageError('Name the drive with --to; “isolde drives” lists them.', 'write')
  const facts = driveFacts(to, imagePath)
  return summedUp(values.json === true, facts, () => writeTo(to, imagePath, values, facts))
}

async function writeTo(
  to: string,
  imagePath: string,
  values: ValuesOf<typeof write>,
  facts: DriveFacts,
): Promise<number> {
  const { confirm } = values
  const isFixedAllowed = values['allow-fixed'] === true
  const opened = await openLocation(imagePath, locationOptions(values))
  try {
    const { image } = opened
    const isPlain =
      image.info.containers.every((container) => container === 'plain') && (values.inside ?? []).length === 0
    const blocks = isPlain ? opened.file : image.blocks
    const inUse: InUse[] = [
      ...filesInUse(opened.path, opened.file),
      ...filesInUse(null, image.blocks),
      { kind: 'profile', path: profileFolder() },
    ]
    const found = await findDrives({ inUse, isFixedAllowed, warn })
    const offered = driveAt(to, found)
    facts.drive = offered.drive.path
    if (confirm === undefined)
      throw new UsageError(
        `Everything on ${offered.drive.path} would be lost. To go on, say --confirm "${offered.confirm}".`,
        'write',
      )
    assertMayWrite(offered, confirm, found)
    const plan = await planDrive({
      image,
      file: isPlain ? blocks : null,
      how: values.how ?? null,
      table: values.table ?? null,
      isFitted: values.fit === true,
      driveLength: offered.drive.byteLength,
      containerDamage: opened.containerDamage,
    })
    const isChecked = values['no-check'] !== true
    const problemOf = (): string | null => opened.rewritten()[0]?.message ?? null
    const options = { confirm, isChecked, isFixedAllowed, inUse, problemOf }
    return await runWriting({ offered, found, plan, path: imagePath, facts, values, options })
  } finally {
    await opened.close()
  }
}
