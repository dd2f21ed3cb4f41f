import { driveName, findDrives, identityOf, type InUse } from '../../devices'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** The drives of this computer. */
export function driveHandlers({ options }: EngineServices): Domain<'drives'> {
  return {
    'drives.list': async ({ image }) => {
      const inUse: InUse[] = [
        { kind: 'profile', path: options.home },
        ...(image === null ? [] : [{ kind: 'image' as const, path: image }]),
      ]
      const { drives } = await findDrives({ inUse, isShown: true })
      return {
        drives: drives.map(({ drive, confirm, refused }) => ({
          identity: identityOf(drive),
          name: driveName(drive),
          byteLength: drive.byteLength,
          bus: drive.bus,
          isRemovable: drive.removable,
          volumes: drive.volumes.map(({ label, fileSystem, mountPoint, usedBytes }) => {
            return { label, fileSystem, mountPoint, usedBytes }
          }),
          confirm,
          refused: refused ? { message: refused.reason, details: refused.details } : null,
        })),
      }
    },
  }
}
