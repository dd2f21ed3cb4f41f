import type { Rule } from './facts'

const linux = (distro: string, name: string, rules: readonly Omit<Rule, 'distro' | 'family' | 'name'>[]): Rule[] =>
  rules.map((rule) => ({ distro, family: 'linux', name, ...rule }))

const servicePack =
  (prefix: string) =>
  ([, major = '', pack = '']: readonly string[]): string =>
    `${prefix}${major}${pack === '' ? '' : `sp${pack}`}`

/** The application's name tells more: the volume's is cut behind its 32nd character. */
const where = 'application' as const

/** openSUSE and SUSE's own. */
export const SUSE: readonly Rule[] = [
  ...linux('opensuse', 'openSUSE', [
    { pattern: /^openSUSE-MicroOS/i, osinfo: 'opensusemicroos', version: 'MicroOS' },
    { pattern: /^openSUSE-(?:Tumbleweed|Kubic)/i, osinfo: 'opensusetumbleweed', version: 'Tumbleweed' },
    { pattern: /^openSUSE[-_ ](?:Leap[-_ ])?(\d+\.\d+)/i, osinfo: 'opensuse$1' },
    { pattern: /^Install-Leap-(\d+\.\d+)/i, osinfo: 'opensuse$1' },
    { where, pattern: /^openSUSE-(?:Leap-)?(\d+\.\d+)/i, osinfo: 'opensuse$1' },
    { pattern: /^openSUSE/i },
  ]),
  ...linux('slem', 'SUSE Linux Enterprise Micro', [
    { pattern: /^(?:SLE-Micro|SUSE-MicroOS)-(\d+\.\d+)/i, osinfo: 'slem$1' },
  ]),
  ...linux('sles', 'SUSE Linux Enterprise Server', [
    { where, pattern: /^SLES-(1[6-9]\.\d+)-/i, osinfo: 'sles$1' },
    { where, pattern: /^SLES-(\d+)(?:-SP(\d+))?-/i, osinfo: servicePack('sles') },
    { where, pattern: /^SLE-(1[0-2])(?:-SP(\d+))?-Server/i, osinfo: servicePack('sles') },
  ]),
  ...linux('sled', 'SUSE Linux Enterprise Desktop', [
    { where, pattern: /^SLED-(\d+)(?:-SP(\d+))?-/i, osinfo: servicePack('sled') },
    { where, pattern: /^SLE-(1[0-2])(?:-SP(\d+))?-Desktop/i, osinfo: servicePack('sled') },
  ]),
  ...linux('sle', 'SUSE Linux Enterprise', [{ pattern: /^SLE-(15)(?:-SP(\d+))?-/i, osinfo: servicePack('sle') }]),
  ...linux('caasp', 'SUSE CaaS Platform', [{ pattern: /^SUSE-CaaS-Platform-(\d+\.\d+)/i, osinfo: 'caasp$1' }]),
]
