import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { NESTING_LIMIT, openLocation } from '../../../src-main/engine'
import { buildIso } from '../../images/iso-builder'
import { temporaryFolder } from '../support'

const inner = buildIso([{ name: 'DEEP.TXT;1', data: Buffer.from('deep') }]).bytes
const outer = buildIso([{ name: 'INNER.ISO;1', data: inner }]).bytes
const inside = [{ path: 'INNER.ISO' }]

/** The page that a file was dropped on. */
function page(bytes: Uint8Array) {
  const asked: string[] = []
  const ask = ({ upload, byteOffset, byteLength }: { upload: string; byteOffset: number; byteLength: number }) => {
    asked.push(upload)
    return Promise.resolve(bytes.slice(byteOffset, byteOffset + byteLength))
  }
  return { asked, ask }
}

const dropped = { kind: 'upload', path: 'u1', name: 'outer.iso', byteLength: outer.byteLength } as const
const noPage = () => Promise.reject(new Error('No page is to be asked.'))

function written(): string {
  const file = path.join(temporaryFolder(), 'outer.iso')
  fs.writeFileSync(file, outer)
  return file
}

async function deepText(opened: Awaited<ReturnType<typeof openLocation>>): Promise<string> {
  const located = await opened.image.view(opened.image.info.defaultViewId).lookup('DEEP.TXT')
  if (!located?.content) throw new Error('DEEP.TXT is not there.')
  return Buffer.from(await located.content.read(0, located.content.byteLength)).toString()
}

describe('a location is opened by one function', () => {
  it('as the command line names it', async () => {
    const file = written()
    const opened = await openLocation(file, { inside: [{ view: null, path: 'INNER.ISO' }] })
    expect([await deepText(opened), opened.path, opened.file.byteLength]).toEqual(['deep', file, outer.byteLength])
    await opened.close()
  })

  it('as windows and jobs name a file of this computer', async () => {
    const file = written()
    const opened = await openLocation({ kind: 'path', path: file, inside, ask: noPage }, { charset: null })
    expect([await deepText(opened), opened.path, opened.file.byteLength]).toEqual(['deep', file, outer.byteLength])
    await opened.close()
  })

  it('as they name one that was dropped on a page', async () => {
    const { asked, ask } = page(outer)
    const opened = await openLocation({ ...dropped, inside, ask })
    expect([await deepText(opened), opened.path, opened.file.byteLength]).toEqual(['deep', null, outer.byteLength])
    expect(new Set(asked)).toEqual(new Set(['u1']))
    await opened.close()
  })

  it.each([
    ['on this computer', () => ({ kind: 'path', path: written(), ask: noPage }) as const],
    ['dropped', () => ({ ...dropped, ask: page(outer).ask })],
  ])('and says what is not in it: %s', async (_, location) => {
    await expect(openLocation({ ...location(), inside: [{ path: 'NONE.ISO' }] })).rejects.toMatchObject({
      code: 'NO_SUCH_PATH',
      message: expect.stringContaining('outer.iso') as string,
    })
    const steps = Array.from({ length: NESTING_LIMIT + 1 }, () => ({ path: 'INNER.ISO' }))
    await expect(openLocation({ ...location(), inside: steps })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })
})
