import { expect, it } from 'vitest'
import { identifyImage } from '../../../src-main/identify/identify'
import { buildIso } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'

const list = (version: string, product: number, rest = ''): Uint8Array => {
  const [major, minor] = version.split('.')
  return Buffer.from(
    `[Version]\r\nsignature="$Windows NT$"\r\n\r\n[SourceDisksFiles]\r\n${rest}\r\n[SetupData]\r\n` +
      `MajorVersion = ${major}\r\nMinorVersion=${minor}\r\nProductType = ${product}\r\n\r\n[Files]\r\nMajorVersion = 9\r\n`,
    'latin1',
  )
}
const folder = (name: string, data: Uint8Array) => ({ name, children: [{ name: 'TXTSETUP.SIF;1', data }] })

async function identityOf(...root: Parameters<typeof buildIso>[0]) {
  return identifyImage(await openBytes(buildIso(root).bytes))
}

it.each([
  ['5.0', 0, 'Windows 2000 Professional 5.0.2195 x86', 'win2k'],
  ['5.0', 2, 'Windows 2000 Advanced Server 5.0.2195 x86', 'win2k'],
  ['5.1', 0, 'Windows XP Professional 5.1.2600 x86', 'winxp'],
  ['5.1', 4, 'Windows XP Home Edition 5.1.2600 x86', 'winxp'],
  ['5.2', 1, 'Windows Server 2003 Standard Edition 5.2.3790 x86', 'win2k3'],
  ['5.2', 2, 'Windows Server 2003 Enterprise Edition 5.2.3790 x86', 'win2k3'],
])('Windows %s of product %i is %s', async (version, product, summary, osinfo) => {
  const identity = await identityOf(folder('I386', list(version, product)))
  expect(identity).toMatchObject({ kind: 'windows', summary, osinfo, distro: 'win', architectures: ['i686'] })
})

it('XP for 64 bits is told by the folder that it has beside the one for 32', async () => {
  const identity = await identityOf(folder('I386', list('5.2', 0)), folder('AMD64', list('5.2', 0)))
  expect(identity).toMatchObject({ summary: 'Windows XP Professional 5.2.3790 x64', osinfo: 'winxp' })
})

it('a list as long as that of Windows XP is read, and one of something else tells nothing', async () => {
  const long = list('5.1', 0, '_default.pif = 1,,,,,,,1,0,0\r\n'.repeat(15_000))
  expect(await identityOf(folder('I386', long))).toMatchObject({ osinfo: 'winxp' })
  expect(await identityOf(folder('I386', list('6.0', 0)))).toMatchObject({ kind: null, osinfo: null })
})

it.each([
  ['WIN95', 'win95'],
  ['WIN98', 'win98'],
  ['WIN9X', 'winme'],
])('%s holds %s', async (name, osinfo) => {
  const cabinet = { name: 'PRECOPY1.CAB;1', data: new Uint8Array(10) }
  expect(await identityOf({ name, children: [cabinet] })).toMatchObject({ osinfo, architectures: ['i686'] })
})
