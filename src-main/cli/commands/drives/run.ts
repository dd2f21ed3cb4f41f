import { inWords } from '../../../../src-shared/model'
import { findDrives, profileFolder, type OfferedDrive } from '../../../engine'
import { parse } from '../../arguments'
import { EXIT, UsageError } from '../../exit-status'
import { Output, showable, warn } from '../../output'
import { drives } from './definition'

/** `isolde drives [--json]`: every drive, what is on it, and whether it may be written over. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(drives, args)
  if (positionals.length > 0) throw new UsageError(`“${positionals[0] ?? ''}” is one argument too many.`, 'drives')
  const found = await findDrives({ inUse: [{ kind: 'profile', path: profileFolder() }], isShown: true, warn })
  const output = new Output()
  for (const each of found.drives) {
    if (values.json) output.line(JSON.stringify(asRow(each)))
    else for (const line of inLines(each)) output.line(showable(line))
  }
  if (!values.json && found.drives.length === 0) output.line('There are no drives.')
  output.flush()
  return EXIT.ok
}

function asRow({ drive, confirm, refused }: OfferedDrive): Record<string, unknown> {
  const { path, model, serial, byteLength, bus, removable, readOnly } = drive
  const volumes = drive.volumes.map(({ label, fileSystem, mountPoint, byteLength: length, usedBytes }) => {
    return { label, fileSystem, mountPoint, byteLength: length, usedBytes }
  })
  const facts = { path, model, serial, byteLength, bus, removable, readOnly, volumes, confirm }
  return { ...facts, refused: refused?.reason ?? null, ...(refused === null ? {} : { code: refused.code }) }
}

function inLines({ drive, confirm, refused }: OfferedDrive): string[] {
  const { path, model, byteLength, bus } = drive
  const volumes = drive.volumes.map(({ label, fileSystem, mountPoint, usedBytes }) => {
    const used = usedBytes === null ? '' : `, ${inWords(usedBytes)} used`
    const at = mountPoint === null ? '' : ` at ${mountPoint}`
    return `  ${label === '' ? 'no label' : label}${fileSystem === '' ? '' : ` (${fileSystem})`}${used}${at}`
  })
  return [
    `${path}  ${[model, inWords(byteLength), bus].filter((text) => text !== '').join(', ')}`,
    ...volumes,
    refused === null ? `  --confirm "${confirm}"` : `  not offered: ${refused.reason}`,
  ]
}
