import type { DiscFacts, Rule } from './facts'

/** Labels of Microsoft's own discs: an abbreviation of the release, the edition, the processor, the kind of licence. */
const LABELS: readonly [pattern: RegExp, osinfo: string | null, version: string][] = [
  [/^WIN2000/, 'win2k', '2000'],
  [/^(?:HRM|HB\d)_S/, 'win2k12', 'Server 2012'],
  [/^(?:HRM|HB\d)_C/, 'win8', '8'],
  [/^IR[M\d]_S/, 'win2k12r2', 'Server 2012 R2'],
  [/^IR[M\d]_C/, 'win8.1', '8.1'],
  [/^SSS_X64FREV_/, 'win2k19', 'Server 2019'],
  [/^(?:SSS|SESS)_X64FRE_/, 'win2k16', 'Server 2016'],
  // Windows 11 bears the labels of Windows 10; only a disc for ARM is nearly always of the newer.
  [/^CCCOMA_A64/, 'win11', '11'],
  [/^CCCOMA_X64FRE_/, null, '10 or 11'],
  [/^(?:J_)?C[A-Z]+_X(?:64|86)(?:FRE|CHK)/, 'win10', '10'],
  [/^(?:GRM|GSP1RM)S/, 'win2k8r2', 'Server 2008 R2'],
  [/^(?:GRM|GSP1RM)C/, 'win7', '7'],
  [/^KR(?:M|TM)/, 'win2k8', 'Server 2008'],
  [/^(?:FRM|FRTM|FB\d|LRMC)/, 'winvista', 'Vista'],
  // Professional and Home are the letters P and H.
  [/^(?:A(?:RM|X2)P|VX2[PH]|WX[PH]|XRM|MRM|VRM|X1A|GRTM)/, 'winxp', 'XP'],
  [/^(?:BRM|BX2|CRM|CR0[ES]CD2)/, 'win2k3r2', 'Server 2003 R2'],
  [/^(?:ARM|CR0SP)/, 'win2k3', 'Server 2003'],
]

/** Media of Windows before the installer could be asked, and those whose installer cannot be read. */
export const WINDOWS: readonly Rule[] = LABELS.map(([pattern, osinfo, version]) => ({
  distro: 'win',
  family: 'windows',
  name: 'Windows',
  pattern,
  version,
  ...(osinfo === null ? {} : { osinfo }),
  live: false,
}))

/** What processor such a label means; null where it is none of Microsoft's. */
export function windowsArchitecture({ volumeId, publisher }: DiscFacts): string | null {
  if (!/microsoft/i.test(publisher)) return null
  const label = volumeId.replace(/^WX[PH]/, '')
  if (label.includes('_A64')) return 'aarch64'
  if (label.includes('_X64')) return 'x86_64'
  if (label.includes('_X86')) return 'i686'
  if (/IAIVOL|PI2/.test(label)) return 'ia64'
  return /X(?:VOL|FRE|CHK)|X[A-Z]?FPP|CD2X|PX2/.test(label) ? 'x86_64' : 'i686'
}
