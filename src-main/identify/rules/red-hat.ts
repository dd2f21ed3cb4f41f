import type { DiscFacts, Rule } from './facts'

const linux = (distro: string, name: string, rules: readonly Omit<Rule, 'distro' | 'family' | 'name'>[]): Rule[] =>
  rules.map((rule) => ({ distro, family: 'linux', name, ...rule }))

const ARCHITECTURE = /x86_64|i[36]86|aarch64|ppc64le|ppc64|ppc|s390x|armhfp/gi

function filledOr(text: string | undefined, otherwise: string): string {
  return text === undefined || text === '' ? otherwise : text
}

/** Fedora's names have the release in one of several places, always as the first number beside the processor's. */
function fedoraRelease(text: string): string | null {
  if (/rawh/i.test(text)) return '-rawhide'
  return /\d+/.exec(text.replace(ARCHITECTURE, ''))?.[0] ?? null
}

function fedora(prefix: string): (groups: readonly string[], facts: DiscFacts) => string | null {
  return (_, { volumeId }) => {
    const release = fedoraRelease(volumeId)
    return release === null ? null : prefix + release
  }
}

/** Red Hat's own, what it is made of, and what is made of it. */
export const RED_HAT: readonly Rule[] = [
  ...linux('fedora', 'Fedora', [
    { pattern: /^Fedora-(?:SB|AW|KNT|Kinoite)-ostree-.*?(\d+|rawh)$/i, osinfo: fedora('silverblue') },
    {
      pattern: /^(?:Fedora|FC|F(?=\d))[-/_ ]?.*?(?:(?<![0-9a-z])(\d+)(?![0-9a-z])|rawh|\d)/i,
      osinfo: fedora('fedora'),
    },
    { where: 'application', pattern: /^FC[-/](\d+)/i, osinfo: 'fedora$1' },
  ]),
  ...linux('centos', 'CentOS', [
    {
      pattern: /^CentOS[-_]Stream[-_](?:(\d+)[-_])?/i,
      osinfo: ([, release]) => `centos-stream${filledOr(release, '8')}`,
    },
    { pattern: /^CentOS[-_ ](\d+\.\d+)/i, osinfo: 'centos$1' },
    { pattern: /^CentOS[-_ ](7)[-_ ]/i, osinfo: 'centos7.0' },
    { pattern: /^CentOS[-_ ](\d+)[-_ ]/i, osinfo: 'centos$1' },
    // The later releases of 6 say no more than this.
    { pattern: /^CentOS$/i, osinfo: 'centos6.10' },
  ]),
  ...linux('rhel', 'Red Hat Enterprise Linux', [
    { pattern: /^RHEL Atomic Host (7)/i, osinfo: 'rhel-atomic-7.1' },
    { pattern: /^Red Hat Enterprise Linux Atomic/i, osinfo: 'rhel-atomic-7.4' },
    { pattern: /^RHEL(?:SA)?[-_/ ](\d+)[-._](\d+)/i, osinfo: 'rhel$1.$2', version: '$1.$2' },
  ]),
  ...linux('almalinux', 'AlmaLinux', [
    { pattern: /^AlmaLinux-Kitten-(\d+)/i, osinfo: 'almalinux-kitten$1' },
    { pattern: /^AlmaLinux[-_ ](\d+)/i, osinfo: 'almalinux$1' },
  ]),
  ...linux('rocky', 'Rocky Linux', [
    {
      pattern: /^Rocky-(?:[a-z]+-)*(\d+)/i,
      osinfo: 'rocky$1',
      live: /workstation|kde|xfce|mate|cinnamon|live/i,
    },
  ]),
  ...linux('ol', 'Oracle Linux', [{ pattern: /^OL-?(\d+)[-.](\d+)/i, osinfo: 'ol$1.$2', version: '$1.$2' }]),
  ...linux('eurolinux', 'EuroLinux', [{ pattern: /^(?:EL|EuroLinux)-(\d+)-\d+-/i, osinfo: 'eurolinux$1' }]),
  ...linux('circle', 'Circle Linux', [{ pattern: /^Circle-(\d+)-(\d+)/i, osinfo: 'circle$1.$2', version: '$1.$2' }]),
  ...linux('miraclelinux', 'MIRACLE LINUX', [
    { pattern: /^MIRACLE-LINUX-(\d+)-(\d+)/i, osinfo: 'miraclelinux$1.$2', version: '$1.$2' },
  ]),
  ...linux('asianux', 'Asianux', [
    {
      pattern: /^Asianux[- ]Server[- ](\d+)(?: SP(\d+))?/i,
      osinfo: ([, major, pack]) => `asianux${major ?? ''}.${filledOr(pack, '0')}`,
    },
  ]),
  // Discs of the same release of Anolis have the same name, whatever comes behind the dot.
  ...linux('anolis', 'Anolis OS', [
    { pattern: /^anolis-(23)-/i, osinfo: 'anolis23.1' },
    { pattern: /^anolis-dvd-.*-(7)$/i, osinfo: 'anolis7.9' },
    { pattern: /^anolis-BaseOS-.*-(8)$/i, osinfo: 'anolis8.4' },
    { pattern: /^anolis-(8)-/i, osinfo: 'anolis8.9' },
  ]),
  ...linux('mageia', 'Mageia', [
    { pattern: /^Mageia-(\d+)/i, osinfo: 'mageia$1' },
    { where: 'volumeSetId', pattern: /^Mageia - (\d+)/i, osinfo: 'mageia$1' },
  ]),
]
