import Database from 'better-sqlite3'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { SAMPLE, temporaryFolder } from '../support'
import { EngineProcess } from './engine-process'

const location = { kind: 'path' as const, path: SAMPLE, inside: [] }

async function counts(engine: EngineProcess): Promise<(number | null)[]> {
  const { info } = await engine.call('image.open', { location })
  return info.views.map(({ entryCount }) => entryCount)
}

it('counts of an image are there where whoever indexed it ended between its entries and its counts', async () => {
  const home = temporaryFolder()
  const first = await EngineProcess.start(home)
  const { image } = await first.call('image.open', { location })
  let known: (number | null)[] = [null]
  while (known.includes(null)) {
    await wait(10)
    known = (await first.call('image.info', { image })).info.views.map(({ entryCount }) => entryCount)
  }
  await first.shutdown()

  const database = new Database(path.join(home, 'catalog.sqlite'))
  const info = JSON.parse(database.prepare('SELECT info FROM image').pluck().get() as string) as {
    views: { entryCount: number | null }[]
  }
  for (const view of info.views) view.entryCount = null
  database.prepare('UPDATE image SET info = ?').run(JSON.stringify(info))
  database.close()

  const second = await EngineProcess.start(home)
  expect(await counts(second)).toEqual(known)
  await second.shutdown()
})
