import { mountImage, type MountedImage, type MountRequest } from './mount-image'

/** What this engine has mounted: it goes with the engine. */
export interface OpenMount {
  mountPoint: string
  path: string
  inside: string[]
  view: string
}

/** The images that the window has mounted. */
export class OpenMounts {
  private readonly mounted = new Map<string, { facts: OpenMount; image: MountedImage }>()

  /** Mounts an image, or answers where it is mounted already. @throws as {@link mountImage} */
  async start(request: MountRequest): Promise<OpenMount> {
    const { path, inside } = request
    const known = this.list().find(
      (each) => each.path === path && each.view === request.view && each.inside.join('\0') === inside.join('\0'),
    )
    if (known) return known
    const image = await mountImage(request)
    const facts = { mountPoint: image.mountPoint, path, inside, view: image.view }
    this.mounted.set(image.mountPoint, { facts, image })
    // By whomever it was unmounted.
    void image.ended.then(() => this.mounted.delete(image.mountPoint))
    return facts
  }

  list(): OpenMount[] {
    return [...this.mounted.values()].map(({ facts }) => facts)
  }

  /** @throws {MountError} `MOUNT_BUSY`, naming what keeps it */
  async end(mountPoint: string): Promise<void> {
    const found = this.mounted.get(mountPoint)
    if (!found) return
    await found.image.unmount(false)
    await found.image.ended
  }

  /** At once, though files on them are open: nobody is there to answer any more. */
  async close(): Promise<void> {
    for (const { image } of [...this.mounted.values()]) {
      await image.unmount(true).catch(() => undefined)
      await image.ended
    }
  }
}
