import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { openStage } from '../../../src-main/extract/stage'
import { keptStageName } from '../../../src-main/sinks/stage-name'
import { temporaryFolder } from '../support'

it('a job that goes on sweeps up what its killed process had claimed around the destination', () => {
  const folder = temporaryFolder()
  const destination = path.join(folder, 'out')
  fs.mkdirSync(destination)
  // Claimed before the destination was there, which the process had just moved in place.
  const lock = path.join(folder, `.isolde-0123456789ab.${fs.statSync(folder, { bigint: true }).ino}.lock`)
  fs.writeFileSync(lock, '')
  const stage = openStage(destination, keptStageName('job-1'))
  expect(fs.readdirSync(folder)).toEqual(['out'])
  stage.discard()
  expect(fs.readdirSync(destination)).toEqual([])
})
