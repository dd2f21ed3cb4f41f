/**
 * The kernel's FUSE protocol, 7.31 and later, as `linux/fuse.h` has it: numbers and lengths. Everything is in the
 * machine's own order of bytes, which is little-endian wherever this runs.
 */

export const FUSE_KERNEL_VERSION = 7
/** The first that says how many pages a read may have and allows symbolic links to be kept. */
export const FUSE_KERNEL_MINOR_VERSION = 31

/** `enum fuse_opcode`. */
export const Opcode = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  SETATTR: 4,
  READLINK: 5,
  SYMLINK: 6,
  MKNOD: 8,
  MKDIR: 9,
  UNLINK: 10,
  RMDIR: 11,
  RENAME: 12,
  LINK: 13,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  STATFS: 17,
  RELEASE: 18,
  FSYNC: 20,
  SETXATTR: 21,
  GETXATTR: 22,
  LISTXATTR: 23,
  REMOVEXATTR: 24,
  FLUSH: 25,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  FSYNCDIR: 30,
  ACCESS: 34,
  CREATE: 35,
  INTERRUPT: 36,
  DESTROY: 38,
  BATCH_FORGET: 42,
  FALLOCATE: 43,
  READDIRPLUS: 44,
  RENAME2: 45,
  COPY_FILE_RANGE: 47,
  TMPFILE: 51,
} as const

/** errno(3) on Linux. */
export const Errno = {
  ENOENT: 2,
  EIO: 5,
  EBADF: 9,
  EACCES: 13,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EROFS: 30,
  ENAMETOOLONG: 36,
  ENOSYS: 38,
  EPROTO: 71,
} as const

/** Flags of `fuse_init_in` and `fuse_init_out`: what this server wants of what the kernel offers. */
export const InitFlag = {
  ASYNC_READ: 1 << 0,
  DO_READDIRPLUS: 1 << 13,
  READDIRPLUS_AUTO: 1 << 14,
  PARALLEL_DIROPS: 1 << 18,
  MAX_PAGES: 1 << 22,
  CACHE_SYMLINKS: 1 << 23,
} as const

/** Flags of `fuse_open_out`. */
export const OpenFlag = { DIRECT_IO: 1 << 0, KEEP_CACHE: 1 << 1, CACHE_DIR: 1 << 3 } as const

/** Lengths of structures in bytes. */
export const Length = {
  inHeader: 40,
  outHeader: 16,
  attributes: 88,
  entryOut: 128,
  attributesOut: 104,
  openIn: 8,
  openOut: 16,
  initIn: 16,
  initOut: 64,
  /** Without what later versions append, which is not used. */
  readIn: 20,
  releaseIn: 8,
  accessIn: 4,
  statfsOut: 80,
  directoryEntry: 24,
} as const

/** One page a piece: the most that one read of the kernel asks for is 1 MiB. */
export const MAX_PAGES = 256
export const READ_LIMIT = 1 << 20
/** `FUSE_NAME_MAX` is 1024; longer than this is no name on any Linux file system. */
export const NAME_LIMIT = 255
/** `PATH_MAX`, without the NUL that the kernel appends. */
export const TARGET_LIMIT = 4095

/** The top four bits of a mode, as `DT_*` counts them; shifted by 12 they are `S_IF*`. */
export const FileType = {
  fifo: 1,
  characterDevice: 2,
  directory: 4,
  blockDevice: 6,
  file: 8,
  symlink: 10,
  socket: 12,
} as const
