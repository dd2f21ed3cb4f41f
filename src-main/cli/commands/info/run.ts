import { findCarried, identifyImage, inReadingOrder, ViewDifferences, type Carried } from '../../../engine'
import type { ImageInfo } from '../../../../src-shared/model'
import { imageArgument, locationOptions, parse } from '../../arguments'
import { EXIT } from '../../exit-status'
import { openLocation } from '../../open-location'
import { Output, showable, withoutDetails } from '../../output'
import { chooseView } from '../../view-choice'
import { info } from './definition'

/** `isolde info IMAGE [--json]`: what the image is, how whole it is, and what is odd about it. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(info, args)
  const imagePath = imageArgument('info', positionals, 1)
  const opened = await openLocation(imagePath, locationOptions(values))
  try {
    chooseView(opened.image, values.view)
    // Counts and most diagnostics are only known once the trees have been read.
    const differences = new ViewDifferences()
    let carries: Carried[] = []
    for (const view of inReadingOrder(opened.image.info.views)) {
      const tree = opened.image.view(view.id)
      const table = await tree.readTree()
      differences.add(tree, table)
      if (view.isDefault) carries = await findCarried(tree, table)
    }
    const identity = await identifyImage(opened.image)
    const { info: read } = opened.image
    const known = { ...read, diagnostics: [...read.diagnostics, ...differences.diagnostics].map(withoutDetails) }
    const output = new Output()
    if (values.json) output.line(JSON.stringify({ path: imagePath, ...known, identity, carries }))
    else for (const line of inWords(imagePath, known, identity.summary, carries)) output.line(line)
    output.flush()
    return EXIT.ok
  } finally {
    await opened.close()
  }
}

function inWords(imagePath: string, info: ImageInfo, identity: string, carries: readonly Carried[]): string[] {
  const lines: [string, string][] = [
    ['Image', showable(imagePath)],
    ['Size', `${info.byteLength.toLocaleString('en')} bytes`],
  ]
  if (identity !== '') lines.push(['What it is', identity])
  for (const one of carries) lines.push(['Carries', `${nameOf(one)}: ${one.path}`])
  if (info.label !== '') lines.push(['Label', info.label])
  const container = info.containers.filter((kind) => kind !== 'plain')
  if (container.length > 0) lines.push(['Container', container.join(' › ')])
  for (const [name, text] of [
    ['System', info.systemId],
    ['Publisher', info.publisher],
    ['Preparer', info.preparer],
    ['Application', info.application],
  ] as const)
    if (text !== '') lines.push([name, text])
  if (info.dates.created !== null) lines.push(['Created', new Date(info.dates.created).toISOString()])
  if (info.dates.modified !== null) lines.push(['Modified', new Date(info.dates.modified).toISOString()])
  const { completeness } = info
  lines.push([
    'Complete',
    completeness.status === 'complete'
      ? 'yes'
      : `no: ${completeness.missingByteLength.toLocaleString('en')} of ${completeness.expectedByteLength.toLocaleString('en')} bytes are missing`,
  ])
  for (const view of info.views)
    lines.push([
      view.isDefault ? 'View *' : 'View',
      `${view.id}: ${view.label}, ${view.format}, ${(view.entryCount ?? 0).toLocaleString('en')} entries`,
    ])
  for (const boot of info.boot)
    lines.push([
      'Boot',
      `${boot.platform}, ${boot.emulation}, ${boot.byteLength.toLocaleString('en')} bytes${boot.path === null ? '' : `, ${boot.path}`}${boot.bootable ? '' : ' (not bootable)'}`,
    ])
  for (const diagnostic of info.diagnostics)
    lines.push([
      diagnostic.severity === 'note' ? 'Note' : diagnostic.severity === 'warning' ? 'Odd' : 'Damage',
      `${diagnostic.message}${diagnostic.byteOffset === undefined ? '' : ` (at byte ${diagnostic.byteOffset.toLocaleString('en')})`}`,
    ])
  return lines.map(([name, text]) => `${name.padEnd(12)} ${showable(text)}`)
}

const CARRIED = {
  windows: 'Windows',
  linux: 'Linux system',
  'ram-disk': 'Boot RAM disk',
  uefi: 'UEFI boot files',
  image: 'Image',
} as const

function nameOf({ kind, names, format }: Carried): string {
  if (kind === 'windows') return names.join(', ')
  if (kind === 'image') return [format, names.join(', ')].filter(Boolean).join(', ')
  return [CARRIED[kind], names.join(', ')].filter(Boolean).join(', ')
}
