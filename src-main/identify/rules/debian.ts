import type { Rule } from './facts'

const linux = (distro: string, name: string, rules: readonly Omit<Rule, 'distro' | 'family' | 'name'>[]): Rule[] =>
  rules.map((rule) => ({ distro, family: 'linux', name, ...rule }))

/** Releases by the names that were written in place of numbers. */
const CODE_NAMES: Record<string, string> = {
  etch: '4',
  lenny: '5',
  squeeze: '6',
  wheezy: '7',
  jessie: '8',
  stretch: '9',
}

/** Debian and what is made of it. */
export const DEBIAN: readonly Rule[] = [
  ...linux('debian', 'Debian', [
    { pattern: /^Debian testing/i, osinfo: 'debiantesting' },
    { pattern: /^d-live (\d+)\./i, osinfo: 'debian$1', live: true },
    { pattern: /^d-live testing/i, osinfo: 'debiantesting', live: true },
    { pattern: /^Debian(?: GNU\/Linux)? (\d+)\.\d/i, osinfo: 'debian$1' },
    {
      pattern: /^Debian ([a-z]+) \d/i,
      osinfo: ([, name = '']) =>
        CODE_NAMES[name.toLowerCase()] === undefined ? null : `debian${CODE_NAMES[name.toLowerCase()] ?? ''}`,
      live: true,
    },
  ]),
  ...linux('ubuntu', 'Ubuntu', [
    { pattern: /^Ubuntu-Server (\d+\.\d+)/i, osinfo: 'ubuntu$1', live: false },
    {
      pattern: /^[A-Z]?[a-z]*ubuntu(?:[- ](?:MATE|Budgie|Kylin|Studio|GNOME|Unity|Cinnamon))? (\d+\.\d+)/i,
      osinfo: 'ubuntu$1',
      live: true,
    },
  ]),
  ...linux('linuxmint', 'Linux Mint', [{ pattern: /^Linux Mint (\d+(?:\.\d+)?)/i, live: true }]),
  ...linux('tails', 'Tails', [{ pattern: /^Tails (\d+(?:\.\d+)*)/i, live: true, isInstaller: false }]),
  ...linux('kali', 'Kali Linux', [{ pattern: /^Kali\b(?: GNU\/Linux| Linux| Live)?(?: (\d{4}\.\d+))?/i }]),
  ...linux('popos', 'Pop!_OS', [{ pattern: /^Pop_OS (\d+\.\d+)/i, osinfo: 'popos$1', live: true }]),
  ...linux('pureos', 'PureOS', [{ pattern: /^PureOS (\d+)/i, osinfo: 'pureos$1', live: true }]),
  ...linux('trisquel', 'Trisquel', [{ pattern: /^tris(?:quel|kel)\S* (\d+)\./i, osinfo: 'trisquel$1', live: true }]),
  ...linux('ucs', 'Univention Corporate Server', [{ pattern: /^UCS (\d+\.\d+)/i, osinfo: 'ucs$1' }]),
  ...linux('elementaryos', 'elementary OS', [
    { pattern: /^elementary OS (\d+\.\d+)/i, osinfo: 'elementary$1', live: true },
  ]),
  ...linux('eos', 'Endless OS', [
    { pattern: /^Endless-OS-(\d+)-(\d+)/i, osinfo: 'eos$1.$2', version: '$1.$2', live: true },
  ]),
]
