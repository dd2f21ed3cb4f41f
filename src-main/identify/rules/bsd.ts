import type { Rule } from './facts'

/** `100` is 10.0, `712` is 7.1.2: one digit of the first number, but for those of ten and more. */
function netbsdVersion(digits: string): string {
  const major = digits.startsWith('1') ? digits.slice(0, 2) : digits.slice(0, 1)
  return [major, ...Array.from(digits.slice(major.length))].join('.')
}

/** Systems that are no Linux and no Windows. */
export const OTHER_SYSTEMS: readonly Rule[] = [
  {
    distro: 'haiku',
    family: 'haiku',
    name: 'Haiku',
    pattern: /^haiku(?:-(r\d+)~(\w+)-)?/i,
    // The discs of the last alpha bear the name alone.
    osinfo: ([, release, stage], { volumeId }) => {
      if (release) return `haiku${release}${stage ?? ''}`
      return /^haiku$/i.test(volumeId) ? 'haikur1alpha4.1' : null
    },
    live: true,
  },
  {
    distro: 'freebsd',
    family: 'freebsd',
    name: 'FreeBSD',
    pattern: /^(\d+)_(\d+)_RELEASE/i,
    osinfo: 'freebsd$1.$2',
    version: '$1.$2',
  },
  { distro: 'freebsd', family: 'freebsd', name: 'FreeBSD', pattern: /^FreeBSD[-_ ]?(\d+\.\d+)/i, osinfo: 'freebsd$1' },
  {
    distro: 'openbsd',
    family: 'openbsd',
    name: 'OpenBSD',
    pattern: /^OpenBSD\/\S+\s+(\d+\.\d+)/i,
    osinfo: 'openbsd$1',
  },
  {
    distro: 'openbsd',
    family: 'openbsd',
    name: 'OpenBSD',
    where: 'application',
    pattern: /^OpenBSD (\d+\.\d+)/i,
    osinfo: 'openbsd$1',
  },
  {
    distro: 'netbsd',
    family: 'netbsd',
    name: 'NetBSD',
    pattern: /^NETBSD_(\d+)$/i,
    osinfo: ([, digits = '']) => `netbsd${netbsdVersion(digits)}`,
  },
  {
    distro: 'dragonflybsd',
    family: 'dragonflybsd',
    name: 'DragonFly BSD',
    pattern: /^DragonFly v(\d+\.\d+\.\d+)/i,
    osinfo: 'dragonflybsd$1',
  },
  {
    distro: 'freedos',
    family: 'freedos',
    name: 'FreeDOS',
    pattern: /^FD(\d)(\d)-/i,
    osinfo: 'freedos$1.$2',
    version: '$1.$2',
  },
  {
    distro: 'freedos',
    family: 'freedos',
    name: 'FreeDOS',
    pattern: /^FD-SETUP$/i,
    osinfo: 'freedos1.2',
    version: '1.2',
  },
]
