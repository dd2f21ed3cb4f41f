import fs from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseDate, sourceDate } from '../../../src-main/cli/iso-time'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('a date', () => {
  it.each(['2023-02-29', '1900-02-29', '2024-04-31', '2024-13-01', '2024-00-10', '2024-01-00', '2024-01-01 25:00'])(
    'that no calendar has is none: %s',
    (text) => {
      expect(parseDate(text)).toBeNull()
    },
  )

  it.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29 12:34', '2000-02-29T12:34:00.000Z'],
    ['1969-12-31T23:59:59+02:00', '1969-12-31T21:59:59.000Z'],
  ])('is read as it is written: %s', (text, iso) => {
    expect(new Date(parseDate(text) ?? NaN).toISOString()).toBe(iso)
  })
})

describe('SOURCE_DATE_EPOCH', () => {
  it.each(['x', '-5', '1.5', '253402300800', ' 7'])('is refused where it is no time: “%s”', (epoch) => {
    vi.stubEnv('SOURCE_DATE_EPOCH', epoch)
    expect(() => sourceDate()).toThrow(`not “${epoch}”`)
  })

  it('counts seconds, and says nothing where it is empty', () => {
    vi.stubEnv('SOURCE_DATE_EPOCH', '86400')
    expect(sourceDate()).toBe(86_400_000)
    vi.stubEnv('SOURCE_DATE_EPOCH', '')
    expect(sourceDate()).toBeNull()
  })

  it('stops a command before it writes anything', () => {
    const folder = temporaryFolder()
    fs.writeFileSync(path.join(folder, 'a'), 'a')
    vi.stubEnv('SOURCE_DATE_EPOCH', 'yesterday')
    const ran = isolde(['create', 'out.iso', 'a'], { cwd: folder })
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('SOURCE_DATE_EPOCH takes') as string })
    expect(fs.readdirSync(folder)).toEqual(['a'])
  })
})
