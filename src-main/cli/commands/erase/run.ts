import { assertMayWrite, driveAt, findDrives, planEmpty, profileFolder, type InUse } from '../../../engine'
import { parse, type ValuesOf } from '../../arguments'
import { runWriting } from '../../drive-report'
import { driveFacts, summedUp, type DriveFacts } from '../../drive-summary'
import { UsageError } from '../../exit-status'
import { warn } from '../../output'
import { erase } from './definition'

/** `isolde erase DRIVE --confirm WORD`: an empty drive again. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(erase, args)
  const [named, more] = positionals
  if (named === undefined) throw new UsageError('Name the drive; “isolde drives” lists them.', 'erase')
  if (more !== undefined) throw new UsageError(`“${more}” is one argument too many.`, 'erase')
  const facts = driveFacts(named)
  return summedUp(values.json === true, facts, () => eraseDrive(named, values, facts))
}

async function eraseDrive(named: string, values: ValuesOf<typeof erase>, facts: DriveFacts): Promise<number> {
  const isFixedAllowed = values['allow-fixed'] === true
  const inUse: InUse[] = [{ kind: 'profile', path: profileFolder() }]
  const found = await findDrives({ inUse, isFixedAllowed, warn })
  const offered = driveAt(named, found)
  facts.drive = offered.drive.path
  const { confirm } = values
  if (confirm === undefined)
    throw new UsageError(
      `Everything on ${offered.drive.path} would be lost. To go on, say --confirm "${offered.confirm}".`,
      'erase',
    )
  assertMayWrite(offered, confirm, found)
  const plan = planEmpty(values.as ?? 'exfat', values.label ?? '', offered.drive.byteLength)
  return runWriting({
    offered,
    found,
    plan,
    path: null,
    facts,
    values,
    options: { confirm, isChecked: true, isFixedAllowed, inUse },
  })
}
