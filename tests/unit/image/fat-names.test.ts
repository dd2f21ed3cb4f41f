import { describe, expect, it } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { buildFat, type FatNode } from '../../images/fat-builder'
import { text } from '../../images/iso-builder'
import { codes, openBytes, pathsOf } from '../../images/open-bytes'

describe('short names beyond ASCII', () => {
  const open = async (nodes: FatNode[], charset?: string): Promise<DiscImage> => {
    const image = await openBytes(buildFat(12, nodes), { name: 'a.img', ...(charset === undefined ? {} : { charset }) })
    await image.view('fat').readTree()
    return image
  }
  const nodes: FatNode[] = [
    { name: '', short: '\x8e\x99\x9a     TXT', data: text('a') },
    { name: 'Folder', children: [{ name: '', short: '\x05BC     TXT', data: text('b') }] },
  ]

  it('are read as cp437, which is said once', async () => {
    const image = await open(nodes)
    expect(await pathsOf(image)).toEqual(['Folder', 'Folder/σBC.TXT', 'ÄÖÜ.TXT'])
    expect(image.diagnostics).toMatchObject([
      { code: 'NAMES_NOT_UTF8', severity: 'note', message: expect.stringContaining('cp437') as string },
    ])
    expect(codes(await open(nodes.slice(1)))).toEqual(['NAMES_NOT_UTF8'])
  })

  it('are nothing to speak of where somebody chose their code page, and behind long names', async () => {
    expect(codes(await open(nodes, 'cp850'))).toEqual([])
    expect(codes(await open([{ name: 'ÄÖÜ.TXT', alias: '\x8e\x99\x9a     TXT', data: text('a') }]))).toEqual([])
    expect(codes(await open([{ name: '', short: 'ASCII   TXT', data: text('a') }]))).toEqual([])
  })
})
