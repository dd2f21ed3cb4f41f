import fs from 'node:fs/promises'
import path from 'node:path'

/** What a file manager gets only when the person asks for it: it lies in their own folders, and goes the same way. */
export interface ShellExtra {
  from: string
  to: string
}

/** Where extras come from and go to. */
export interface ExtrasPlace {
  platform: NodeJS.Platform
  resources: string
  home: string
  dataHome?: string | undefined
  isAppImage?: boolean
}

/** Whether a start only wants the extras put there or taken away. */
export function extrasWanted(args: readonly string[]): 'install' | 'remove' | null {
  if (args.includes('--install-file-manager-actions')) return 'install'
  return args.includes('--remove-file-manager-actions') ? 'remove' : null
}

/** Files below `resources` and where file managers look for them below the person's data folder. */
const LINUX_MENUS = [
  ['kde/isolde.desktop', 'kio/servicemenus/isolde.desktop'],
  ...['extract-here', 'extract-to', 'verify'].map((name) => [
    `nemo/isolde-${name}.nemo_action`,
    `nemo/actions/isolde-${name}.nemo_action`,
  ]),
  ['thunar/isolde-extract.desktop', 'Thunar/sendto/isolde-extract.desktop'],
] as const satisfies (readonly string[])[]

/**
 * Finder's Quick Actions, the script of GNOME's Files, and for an AppImage the menus of KDE, Nemo and Thunar too, which
 * packages install for everybody. Windows has its actions from the installer.
 */
export function extrasFor({ platform, resources, home, dataHome, isAppImage = false }: ExtrasPlace): ShellExtra[] {
  if (platform === 'darwin')
    return ['Extract Here with Isolde.workflow', 'Verify with Isolde.workflow'].map((name) => ({
      from: path.join(resources, 'services', name),
      to: path.join(home, 'Library', 'Services', name),
    }))
  if (platform !== 'linux') return []
  const data = dataHome !== undefined && path.isAbsolute(dataHome) ? dataHome : path.join(home, '.local', 'share')
  const name = 'Extract Here with Isolde'
  const menus = isAppImage ? LINUX_MENUS : []
  return [
    { from: path.join(resources, 'nautilus', name), to: path.join(data, 'nautilus', 'scripts', name) },
    ...menus.map(([from = '', to = '']) => ({ from: path.join(resources, from), to: path.join(data, to) })),
  ]
}

/**
 * Copies the extras, over older ones of the same name.
 * @param program for scripts: what they start. An AppImage lies wherever the person put it.
 */
export async function installExtras(extras: readonly ShellExtra[], program: string | null): Promise<void> {
  for (const { from, to } of extras) {
    await fs.rm(to, { recursive: true, force: true })
    await fs.mkdir(path.dirname(to), { recursive: true })
    await fs.cp(from, to, { recursive: true })
    if (program === null) continue
    const text = await fs.readFile(to, 'utf8')
    await fs.writeFile(to, withProgram(text, program))
    // KDE, too, only takes what is marked as a program when it lies in the person's own folder.
    await fs.chmod(to, 0o755)
  }
}

/** The text of a script or an entry, starting another program. */
function withProgram(text: string, program: string): string {
  return text
    .replace(/^program=.*$/m, () => `program=${quoted(program)}`)
    .replace(/^Exec=\S+/gm, () => `Exec=${entryQuoted(program)}`)
    .replace(/^TryExec=.*$/m, () => `TryExec=${program.replaceAll('\\', '\\\\')}`)
}

export async function removeExtras(extras: readonly ShellExtra[]): Promise<void> {
  for (const { to } of extras) await fs.rm(to, { recursive: true, force: true })
}

/** For a shell: nothing in it means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** For the `Exec` of an entry: quoted, and escaped twice, as an argument and as a value. */
function entryQuoted(text: string): string {
  const argument = text.replace(/["`$\\]/g, (sign) => `\\${sign}`).replaceAll('%', '%%')
  return `"${argument.replaceAll('\\', '\\\\')}"`
}
