/** Images that are mounted: the process and the thread that serve one, and what is known of all of them. */
export { findMounts, unmountNamed, type FoundMount } from './find-mounts'
export { OpenMounts, type OpenMount } from './open-mounts'
export { mountImage, type MountedImage, type MountRequest } from './mount-image'
