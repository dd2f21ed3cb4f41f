import type { Rule } from './facts'

const linux = (distro: string, name: string, rules: readonly Omit<Rule, 'distro' | 'family' | 'name'>[]): Rule[] =>
  rules.map((rule) => ({ distro, family: 'linux', name, ...rule }))

const ALT_LIVE = /live|\bp\d|regular|rescue/i

/** Systems that are made of no other. */
export const OTHER_LINUX: readonly Rule[] = [
  ...linux('altlinux', 'ALT Linux', [
    { pattern: /^ALT Linux (\d+\.\d+)/i, osinfo: 'altlinux$1' },
    { where: 'volumeSetId', pattern: /^ALT Linux (\d+\.\d+)/i, osinfo: 'altlinux$1' },
  ]),
  ...linux('alt', 'ALT', [
    { pattern: /^ALT (p\d+)/i, osinfo: 'alt.$1', live: true },
    { pattern: /^ALT regular/i, osinfo: 'alt.sisyphus', version: 'Sisyphus', live: true },
    { pattern: /^(?:ALT|Simply Linux)\b.*? (\d+\.\d+)/i, osinfo: 'alt$1', live: ALT_LIVE },
    { where: 'volumeSetId', pattern: /^(?:ALT|Simply Linux)\b.*? (\d+\.\d+)/i, osinfo: 'alt$1', live: ALT_LIVE },
    { where: 'application', pattern: /^(8\.[1-9])(?:\.\d+)?\/(?:I586|X86_64)$/i, osinfo: 'alt$1', live: ALT_LIVE },
    { where: 'application', pattern: /^(?:ALT|Simply Linux)\b.*? (\d+\.\d+)/i, osinfo: 'alt$1', live: ALT_LIVE },
  ]),
  ...linux('alpinelinux', 'Alpine Linux', [
    { pattern: /^alpine-\S+ v?(\d+\.\d+)/i, osinfo: 'alpinelinux$1', live: false },
  ]),
  ...linux('nixos', 'NixOS', [{ pattern: /^nixos-\S+?-(\d\d\.\d\d)/i, osinfo: 'nixos-$1', live: true }]),
  ...linux('slackware', 'Slackware', [
    { where: 'application', pattern: /^Slackware(?:64)? (\d+\.\d+)/i, osinfo: 'slackware$1' },
    { pattern: /^S(?:lack)?(\d\d)[._](\d+)d\d$/i, osinfo: 'slackware$1.$2', version: '$1.$2' },
    { pattern: /^Slack(\d\d)d\d$/i, osinfo: 'slackware$1.0', version: '$1.0' },
    // Since 15.0 the number is gone from the names.
    { where: 'application', pattern: /^SLACKWARE INSTALL$/, osinfo: 'slackware15.0', version: '15.0' },
  ]),
  ...linux('archlinux', 'Arch Linux', [{ pattern: /^ARCH_(\d{6})/, osinfo: 'archlinux', live: true }]),
  ...linux('Manjaro', 'Manjaro', [{ pattern: /^MANJARO_/i, osinfo: 'manjaro', live: true }]),
  ...linux('gentoo', 'Gentoo', [{ pattern: /^gentoo[- ]/i, osinfo: 'gentoo' }]),
  ...linux('solus', 'Solus', [{ pattern: /^SolusLive/i, osinfo: 'solus', live: true }]),
  ...linux('voidlinux', 'Void Linux', [{ pattern: /^VOID_LIVE/i, osinfo: 'voidlinux', live: true }]),
  ...linux('clearlinux', 'Clear Linux', [{ pattern: /^CLR_ISO/i, osinfo: 'clearlinux', live: true }]),
  ...linux('guix-system', 'Guix System', [
    { pattern: /^GUIX_.*_(\d+\.\d+)\.\d+$/i, osinfo: 'guix-system-$1' },
    { pattern: /^GUIX_.*_([0-9A-F]{7})$/i, osinfo: 'guix-system-latest' },
  ]),
  // Both releases of which discs are known call themselves so.
  ...linux('android-x86', 'Android-x86', [{ pattern: /^Android-x86/i, osinfo: 'android-x86-9.0', live: true }]),
  ...linux('gnome', 'GNOME live', [
    { pattern: /^GNOME(\d)(\d)-Live/i, osinfo: 'gnome$1.$2', version: '$1.$2', live: true },
  ]),
]
