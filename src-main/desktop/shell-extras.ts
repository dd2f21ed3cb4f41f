import fs from 'node:fs/promises'
import path from 'node:path'

/** What a file manager gets only when the person asks for it: it lies in their own folders, and goes the same way. */
export interface ShellExtra {
  from: string
  to: string
}

/** Whether a start only wants the extras put there or taken away. */
export function extrasWanted(args: readonly string[]): 'install' | 'remove' | null {
  if (args.includes('--install-file-manager-actions')) return 'install'
  return args.includes('--remove-file-manager-actions') ? 'remove' : null
}

/** Finder's Quick Actions, the script of GNOME's Files; Windows has its verbs from the installer. */
export function extrasFor(platform: NodeJS.Platform, resources: string, home: string, dataHome?: string): ShellExtra[] {
  if (platform === 'darwin')
    return ['Extract Here with Isolde.workflow', 'Verify with Isolde.workflow'].map((name) => ({
      from: path.join(resources, 'services', name),
      to: path.join(home, 'Library', 'Services', name),
    }))
  if (platform !== 'linux') return []
  const data = dataHome !== undefined && path.isAbsolute(dataHome) ? dataHome : path.join(home, '.local', 'share')
  const name = 'Extract Here with Isolde'
  return [{ from: path.join(resources, 'nautilus', name), to: path.join(data, 'nautilus', 'scripts', name) }]
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
    const script = await fs.readFile(to, 'utf8')
    await fs.writeFile(
      to,
      script.replace(/^program=.*$/m, () => `program=${quoted(program)}`),
    )
    await fs.chmod(to, 0o755)
  }
}

export async function removeExtras(extras: readonly ShellExtra[]): Promise<void> {
  for (const { to } of extras) await fs.rm(to, { recursive: true, force: true })
}

/** For a shell: nothing in it means anything. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
