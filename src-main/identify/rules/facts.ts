/** What the descriptors of a disc say (ECMA-119 8.4), without the blanks around it. */
export interface DiscFacts {
  volumeId: string
  systemId: string
  volumeSetId: string
  publisher: string
  application: string
  /** What starts from it, as `BootEntry.platform` has it: `bios`, `efi`, … */
  platforms: readonly string[]
}

/** What a disc is, as far as its descriptors tell. */
export interface Claim {
  /** The short name of the system and version, as `virt-install --osinfo` takes it; null where only the system is told. */
  osinfo: string | null
  /** `fedora`, `win`, `openbsd`. */
  distro: string
  /** `linux`, `windows`, `freebsd`, … */
  family: string
  /** For people, without the version: “Fedora”. */
  name: string
  /** As written; null where it is not told. */
  version: string | null
  /** It starts without being installed. */
  isLive: boolean
  isInstaller: boolean
  /** Where it was written. */
  where: keyof Omit<DiscFacts, 'platforms'>
  value: string
}

/** How discs of one system are told: by what stands in one of the fields, the first group being the version. */
export interface Rule {
  distro: string
  family: string
  name: string
  /** The field that is looked at; the volume’s name where absent. */
  where?: Claim['where']
  pattern: RegExp
  /**
   * The short name, with `$1` and on for what the pattern's groups have found; a function where the version is not
   * written so; absent where the version cannot be told.
   */
  osinfo?: string | ((groups: readonly string[], facts: DiscFacts) => string | null)
  /** As `osinfo`; what the first group has found where absent. */
  version?: string
  /** Discs that start without being installed; those that say “live” where absent. */
  live?: RegExp | boolean
  /** False for what only starts. */
  isInstaller?: boolean
}

/** The claim of the first rule that fits; null where none does. */
export function claimBy(rules: readonly Rule[], facts: DiscFacts): Claim | null {
  for (const rule of rules) {
    const where = rule.where ?? 'volumeId'
    const value = facts[where]
    const found = rule.pattern.exec(value)
    if (found === null) continue
    const groups = found.map((group) => (group as string | undefined) ?? '')
    const live = rule.live ?? /live/i
    return {
      osinfo: typeof rule.osinfo === 'function' ? rule.osinfo(groups, facts) : filled(rule.osinfo ?? null, groups),
      distro: rule.distro,
      family: rule.family,
      name: rule.name,
      version: filled(rule.version ?? null, groups) ?? ((groups[1] ?? '') === '' ? null : (groups[1] ?? null)),
      isLive: typeof live === 'boolean' ? live : live.test(`${facts.volumeId} ${facts.application}`),
      isInstaller: rule.isInstaller ?? true,
      where,
      value,
    }
  }
  return null
}

function filled(template: string | null, groups: readonly string[]): string | null {
  return template?.replaceAll(/\$(\d)/g, (_, digit: string) => (groups[Number(digit)] ?? '').toLowerCase()) ?? null
}
