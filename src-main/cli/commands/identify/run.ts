import { identifyImage, type Identity } from '../../../engine'
import { locationOptions, parse } from '../../arguments'
import { EXIT, exitStatusOf, UsageError } from '../../exit-status'
import { openLocation } from '../../open-location'
import { Output, showable, warn } from '../../output'
import { identify } from './definition'

/** `isolde identify IMAGE… [--json]`: what images are. One that cannot be opened keeps the others from nothing. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parse(identify, args)
  if (positionals.length === 0) throw new UsageError('Name the image.', 'identify')
  const output = new Output()
  let worst: number = EXIT.ok
  for (const imagePath of positionals) {
    try {
      const opened = await openLocation(imagePath, locationOptions(values))
      const identity = await identifyImage(opened.image).finally(() => opened.close())
      if (values.json) output.line(JSON.stringify({ path: imagePath, identity }))
      else for (const line of inWords(imagePath, identity)) output.line(line)
    } catch (error) {
      if (positionals.length === 1 || error instanceof UsageError) throw error
      warn((error as Error).message)
      worst = Math.max(worst, exitStatusOf(error))
    }
  }
  output.flush()
  return worst
}

function inWords(imagePath: string, identity: Identity): string[] {
  const { summary, osinfo, architectures, boot, editions, use } = identity
  const facts: [string, string][] = [
    ['Short name', osinfo ?? ''],
    ['Processors', architectures.join(' or ')],
    ['Starts by', boot.map((one) => (one === 'bios' || one === 'uefi' ? one.toUpperCase() : one)).join(' and ')],
    ['Editions', [...new Set(editions.map(({ name }) => name))].join(', ')],
    ['Use', use ?? ''],
  ]
  const lines = facts.filter(([, text]) => text !== '').map(([name, text]) => `  ${name.padEnd(12)}${showable(text)}`)
  const what = summary === '' ? 'nothing in it says what it is.' : showable(summary)
  return [`${showable(imagePath)}: ${what}`, ...(summary === '' ? [] : lines)]
}
