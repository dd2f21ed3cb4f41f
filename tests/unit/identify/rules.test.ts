import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { identifyImage } from '../../../src-main/identify/identify'
import { claimOf, type DiscFacts } from '../../../src-main/identify/rules'
import { osinfoOfWindows } from '../../../src-main/identify/windows-osinfo'
import { buildIso, type BuildNode } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { isolde } from '../cli/command-line'
import { temporaryFolder } from '../support'

const NOTHING = { volumeId: '', systemId: '', volumeSetId: '', publisher: '', application: '', platforms: ['bios'] }

function told(facts: Partial<DiscFacts>): unknown[] {
  const claim = claimOf({ ...NOTHING, ...facts })
  return claim === null ? [] : [claim.osinfo, claim.distro, claim.architectures.join(' or ')]
}

describe('what descriptors say a disc is', () => {
  it.each([
    ['Fedora-S-dvd-aarch64-52', 'fedora52', 'fedora', 'aarch64'],
    ['Fedora-WS-Live-47-1-3', 'fedora47', 'fedora', 'x86_64 or i686'],
    ['Fedora-E-dvd-x86_64-rawh', 'fedora-rawhide', 'fedora', 'x86_64'],
    ['Fedora-SB-ostree-x86_64-50', 'silverblue50', 'fedora', 'x86_64'],
    ['RHEL-11-2-BaseOS-s390x', 'rhel11.2', 'rhel', 's390x'],
    ['CentOS-Stream-11-BaseOS-ppc64le', 'centos-stream11', 'centos', 'ppc64le'],
    ['AlmaLinux-11-0-x86_64-dvd', 'almalinux11', 'almalinux', 'x86_64'],
    ['Rocky-11-0-x86_64-dvd', 'rocky11', 'rocky', 'x86_64'],
    ['OL-11-0-0-BaseOS-aarch64', 'ol11.0', 'ol', 'aarch64'],
    ['Debian 15.1.0 amd64 n', 'debian15', 'debian', 'x86_64'],
    ['d-live 14.0.0 xf amd64', 'debian14', 'debian', 'x86_64'],
    ['Ubuntu-Server 28.04 LTS arm64', 'ubuntu28.04', 'ubuntu', 'aarch64'],
    ['Ubuntu-Server 28.04 LTS ppc64', 'ubuntu28.04', 'ubuntu', 'ppc64le'],
    ['Endless-OS-7-1-0-de', 'eos7.1', 'eos', 'x86_64 or i686'],
    ['ALT p12 xfce/x86_64', 'alt.p12', 'alt', 'x86_64'],
    ['alpine-std 3.30.1 armv7', 'alpinelinux3.30', 'alpinelinux', 'armv7l'],
    ['nixos-gnome-27.11-x86_64', 'nixos-27.11', 'nixos', 'x86_64'],
    ['16_1_RELEASE_AMD64_DVD', 'freebsd16.1', 'freebsd', 'x86_64'],
    ['OpenBSD/amd64   8.1 Install CD', 'openbsd8.1', 'openbsd', 'x86_64'],
    ['NETBSD_111', 'netbsd11.1', 'netbsd', 'x86_64 or i686'],
    ['NETBSD_953', 'netbsd9.5.3', 'netbsd', 'x86_64 or i686'],
  ])('%s', (volumeId, osinfo, distro, architectures) => {
    expect(told({ volumeId })).toEqual([osinfo, distro, architectures])
  })

  it('tells what the end of a name that was cut has lost', () => {
    const volumeId = 'SLE-15-SP9-Installer-DVD-x86.001'
    const application = 'SLE-15-SP9-Installer-DVD-x86_64-Build1-Media1'
    expect(told({ volumeId, application })).toEqual(['sle15sp9', 'sle', 'x86_64'])
  })

  it.each([
    ['GRMCULXFRER_DE_DVD', 'win7', 'x86_64'],
    ['KRMSVOL_DE_DVD', 'win2k8', 'i686'],
    ['IR4_SSS_X64FREV_DE-DE_DV9', 'win2k12r2', 'x86_64'],
    ['VX2HFPP_DE', 'winxp', 'i686'],
    // It may be 10 or 11, and neither is said.
    ['CCCOMA_X64FRE_DE-DE_DV9', null, 'x86_64'],
  ])('Windows by its label: %s', (volumeId, osinfo, architecture) => {
    expect(told({ volumeId, publisher: 'MICROSOFT CORPORATION' })).toEqual([osinfo, 'win', architecture])
    expect(told({ volumeId })).toEqual([])
  })

  it('says nothing where nothing is known', () => {
    for (const volumeId of ['', 'CDROM', 'MY BACKUP 2024', 'Fotos', 'DEBUG 1.0']) expect(told({ volumeId })).toEqual([])
    expect(told({ volumeId: 'alpine-std 3.30.1', platforms: ['efi'] })[2]).toBe('aarch64')
  })
})

describe('an identity', () => {
  it('tells system, use and evidence', async () => {
    const { bytes } = buildIso([], { volumeId: 'Debian 15.0.0 amd64 n' })
    expect(await identifyImage(await openBytes(bytes))).toMatchObject({
      kind: 'linux',
      summary: 'Debian 15 x86_64',
      osinfo: 'debian15',
      distro: 'debian',
      architectures: ['x86_64'],
      installer: true,
      live: false,
      use: 'Installs Debian 15.',
      evidence: [{ claim: 'system', where: 'volumeId', value: 'Debian 15.0.0 amd64 n' }],
    })
    const nothing = await identifyImage(await openBytes(buildIso([], { volumeId: 'X' }).bytes))
    expect(nothing).toMatchObject({ kind: null, summary: '', osinfo: null, use: null, installer: false, evidence: [] })
  })

  it('is told by files where the name of the volume does not', async () => {
    const info = (line: string): BuildNode => ({ name: '.disk', children: [{ name: 'info', data: line }] })
    const folder = (name: string, ...children: BuildNode[]): BuildNode => ({ name, children })
    const of = async (nodes: BuildNode[], volumeId = 'X'): Promise<unknown> =>
      identifyImage(await openBytes(buildIso(nodes, { volumeId }).bytes))
    const mint = info('Linux Mint 23 "Zoe" - Release amd64 20260712')
    expect(await of([mint])).toMatchObject({ name: 'Linux Mint', version: '23', distro: 'linuxmint', live: true })
    expect(await of([info('Tails 7.2 - 20261101')])).toMatchObject({ distro: 'tails', version: '7.2', live: true })
    const kali = info('Kali GNU/Linux 2026.3 "Kali-rolling" - Official amd64')
    const live = folder('live', { name: 'filesystem.squashfs', data: 'x' })
    expect(await of([kali])).toMatchObject({ distro: 'kali', live: false })
    expect(await of([kali, live])).toMatchObject({ distro: 'kali', live: true })
    const arch = folder('arch', folder('x86_64', { name: 'airootfs.sfs', data: 'x' }))
    expect(await of([arch], 'ARCH_202602')).toMatchObject({ distro: 'archlinux', architectures: ['x86_64'] })
    expect(await of([], 'haiku-r1beta6-x86_64-anyboot')).toMatchObject({ distro: 'haiku', osinfo: null })
  })

  it('of Windows is told by its build and kind', () => {
    const edition = { edition: '', architecture: 'x64', version: '', languages: [] }
    const of = (build: number, installationType: string, name = 'Windows'): string | null =>
      osinfoOfWindows({ ...edition, build, installationType, name })
    expect([of(26_100, 'Client'), of(26_100, 'Server Core'), of(7601, '', 'Windows Server 2008 R2')]).toEqual([
      'win11',
      'win2k25',
      'win2k8r2',
    ])
    expect([of(19_045, 'Client'), of(22_000, 'WindowsPE'), of(5000, 'Client')]).toEqual(['win10', null, null])
  })
})

describe('isolde identify', () => {
  it('answers for several images, a line each', () => {
    const folder = temporaryFolder()
    const files = ['Debian 15.0.0 amd64 n', 'X'].map((volumeId, index) => {
      const file = path.join(folder, `${index}.iso`)
      fs.writeFileSync(file, buildIso([], { volumeId }).bytes)
      return file
    })
    const { status, stdout } = isolde(['identify', '--json', ...files])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { path: string; identity: { osinfo: string | null } })
    expect([status, lines.map(({ path: of, identity }) => [of, identity.osinfo])]).toEqual([
      0,
      [
        [files[0], 'debian15'],
        [files[1], null],
      ],
    ])
    expect(isolde(['identify', ...files]).stdout).toContain('Debian 15 x86_64')
    expect(isolde(['identify', path.join(folder, 'gone.iso'), files[0] ?? '']).status).toBe(4)
    expect(isolde(['identify']).status).toBe(2)
  })
})
