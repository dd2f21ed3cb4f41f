import { describe, expect, it } from 'vitest'
import { identifyImage } from '../../../src-main/identify/identify'
import { buildIso } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { wim } from '../../images/wim-header'

const installer = (data: Uint8Array) => ({ name: 'SOURCES', children: [{ name: 'INSTALL.WIM;1', data }] })

async function summaryOf(...root: Parameters<typeof buildIso>[0]): Promise<string> {
  return (await identifyImage(await openBytes(buildIso(root).bytes))).summary
}

describe('a Windows installer', () => {
  it('is Windows 11 by its build, where it is a client', async () => {
    const client = { name: 'Windows 10 Pro', build: 22_631, arch: 9, type: 'Client' }
    expect(await summaryOf(installer(wim([client])))).toBe('Windows 11 10.0.22631.1 x64')
    const server = { name: 'Windows Server 2025 Standard', build: 26_100, arch: 9, type: 'Server Core' }
    expect(await summaryOf(installer(wim([server])))).toBe('Windows Server 2025 Standard 10.0.26100.1 x64')
    const unsaid = { name: 'Windows Server 2022', build: 22_000, arch: 9 }
    expect(await summaryOf(installer(wim([unsaid])))).toContain('Windows Server 2022')
  })

  it('for two processors names both', async () => {
    const edition = (arch: number) => ({ name: 'Windows 10 Home', build: 19_045, arch, type: 'Client' })
    const both = await summaryOf(
      { name: 'X64', children: [installer(wim([edition(9)]))] },
      { name: 'X86', children: [installer(wim([edition(0)]))] },
    )
    expect(both).toBe('Windows 10 Home 10.0.19045.1 x64 and x86, 2 editions')
  })

  it('is called by its name, whatever XML makes of it', async () => {
    const edition = { name: 'R&amp;D &#8211; N', build: 19_045, arch: 9, type: 'Client' }
    expect(await summaryOf(installer(wim([edition])))).toContain('R&D – N')
  })
})
