import {
  BurnError,
  burnImage,
  driveAt,
  filesInUse,
  findDrives,
  lossesOf,
  profileFolder,
  type BurnedDisc,
  type InUse,
} from '../../../engine'
import { imageArgument, locationOptions, parse, type ValuesOf } from '../../arguments'
import { driveControl } from '../../drive-report'
import { driveFacts, summedUp } from '../../drive-summary'
import { EXIT, UsageError } from '../../exit-status'
import { openLocation } from '../../open-location'
import { Output, showable, warn } from '../../output'
import { burn } from './definition'

const SPEED_LIMIT = 1000

/** `isolde burn IMAGE --to DRIVE` */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(burn, args)
  const imagePath = imageArgument('burn', positionals, 1)
  const { to } = values
  if (to === undefined) throw new UsageError('Name the drive with --to; “isolde drives” lists them.', 'burn')
  const speed = speedOf(values.speed)
  const facts = driveFacts(to, imagePath)
  return summedUp(values.json === true, facts, () => burnTo(to, imagePath, speed, values))
}

async function burnTo(
  to: string,
  imagePath: string,
  speed: number | null,
  values: ValuesOf<typeof burn>,
): Promise<number> {
  const opened = await openLocation(imagePath, locationOptions(values))
  const control = driveControl(values.progress)
  try {
    const { image } = opened
    const inUse: InUse[] = [
      ...filesInUse(opened.path, opened.file),
      ...filesInUse(null, image.blocks),
      { kind: 'profile', path: profileFolder() },
    ]
    const found = await findDrives({ inUse, warn })
    const offered = driveAt(to, found)
    const plain = await image.plain()
    const losses = lossesOf(image, plain, null)
    assertWhole(imagePath, losses, opened.containerDamage)
    const request = { offered, found, source: plain.blocks, speed, isBlanked: values.blank === true }
    const burned = await burnImage(request, control)
    control.end()
    const problems = [
      ...losses.map(({ message }) => `${imagePath}: ${message}`),
      ...opened.rewritten().map(({ message }) => message),
    ]
    for (const problem of problems) warn(problem)
    report(burned, imagePath, problems.length, values.json === true)
    return problems.length > 0 ? EXIT.damaged : EXIT.ok
  } finally {
    control.end()
    await opened.close()
  }
}

function speedOf(value: string | undefined): number | null {
  if (value === undefined) return null
  const speed = Number(value)
  if (!(speed > 0 && speed <= SPEED_LIMIT))
    throw new UsageError(`--speed takes a number such as 8; not “${value}”.`, 'burn')
  return speed
}

/** Of an image that is cut, or was packed in what is damaged, no disc is burned: it would only look like one. */
function assertWhole(imagePath: string, losses: readonly Finding[], containerDamage: readonly Finding[]): void {
  const [known = losses.find(({ code }) => code === 'IMAGE_TRUNCATED')] = containerDamage
  if (known !== undefined) throw new BurnError('CONTENT_DAMAGED', `${imagePath} is not burned. ${known.message}`)
}

interface Finding {
  code: string
  message: string
}

function report(
  { drive, burner, medium, byteLength, bytesChecked, sha256 }: BurnedDisc,
  path: string,
  problems: number,
  isJson: boolean,
): void {
  const output = new Output()
  if (isJson) {
    const counts = { byteLength, bytesWritten: byteLength, bytesChecked }
    const how = { how: burner, medium: medium?.kind ?? null, parts: [], problems }
    output.line(JSON.stringify({ summary: true, drive, path, ...counts, sha256, ...how }))
  } else {
    const kind = medium === null || medium.kind === '' ? '' : `, ${medium.kind}`
    output.line(`${showable(drive)}: ${byteLength.toLocaleString('en')} bytes burned (${burner}${kind}).`)
    output.line('Every byte was read back and is the same. You can take it out.')
  }
  output.flush()
}
