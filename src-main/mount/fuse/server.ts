import { openFile, type FileReader } from '../file-reader'
import type { MountTree } from '../tree'
import {
  directoryEntryLength,
  writeAttributesOut,
  writeDirectoryEntry,
  writeEntryOut,
  writeNoEntry,
  writeOutHeader,
  writeU64,
} from './answer'
import {
  Errno,
  FUSE_KERNEL_MINOR_VERSION,
  FUSE_KERNEL_VERSION,
  InitFlag,
  Length,
  MAX_PAGES,
  NAME_LIMIT,
  Opcode,
  OpenFlag,
  READ_LIMIT,
  TARGET_LIMIT,
} from './protocol'
import { readName, readReadIn, readRequest, readU64, type Request } from './request'

export interface ServerOptions {
  /** Who everything belongs to. */
  uid: number
  gid: number
  /** Of the image, in bytes: what `df` tells. */
  byteLength: number
  /** Whether the image is not what it was when it was opened; files are not opened any more then. */
  isRewritten?: () => boolean
}

/** A whole answer, its header included. One that comes at once lies in memory that the next one uses again. */
type Answer = Buffer
type MaybeAnswer = Answer | null | Promise<Answer>

/** `open_flags` of open(2): what is not for reading alone. */
const O_ACCMODE = 3
const W_OK = 2
const BLOCK_LENGTH = 2048
/** `.` and `..` come before the first child. */
const DOTS = 2
const WRITING: ReadonlySet<number> = new Set([
  Opcode.SETATTR,
  Opcode.SYMLINK,
  Opcode.MKNOD,
  Opcode.MKDIR,
  Opcode.UNLINK,
  Opcode.RMDIR,
  Opcode.RENAME,
  Opcode.RENAME2,
  Opcode.LINK,
  Opcode.WRITE,
  Opcode.SETXATTR,
  Opcode.REMOVEXATTR,
  Opcode.CREATE,
  Opcode.TMPFILE,
  Opcode.FALLOCATE,
  Opcode.COPY_FILE_RANGE,
])
/** Have no answer, not even one that refuses them. */
const UNANSWERED: ReadonlySet<number> = new Set([Opcode.FORGET, Opcode.BATCH_FORGET, Opcode.INTERRUPT])

/**
 * Answers the kernel’s requests out of a tree that never changes. Pure: requests come and answers go as bytes. Whatever a
 * request says is checked against its own length first; none of them can throw.
 */
export class FuseServer {
  /** Told whether the kernel and this server have agreed how they talk; if not, it asks nothing more. */
  onReady: (isAgreed: boolean) => void = () => undefined
  private readonly answer = Buffer.alloc(Length.outHeader + READ_LIMIT)
  private readonly handles = new Map<number, FileReader>()
  private lastHandle = 0

  constructor(
    private readonly tree: MountTree,
    private readonly options: ServerOptions,
  ) {}

  /**
   * @param bytes what one read(2) of the device gave; not kept
   * @returns what is to be written to it at once, in one write(2); null for requests that have no answer
   */
  handle(bytes: Buffer): MaybeAnswer {
    const request = readRequest(bytes)
    if (request === null || UNANSWERED.has(request.opcode)) return null
    try {
      return this.dispatch(request)
    } catch {
      return this.refuse(request, Errno.EIO)
    }
  }

  /** How many files are open; for tests. */
  get openCount(): number {
    return this.handles.size
  }

  private dispatch(request: Request): MaybeAnswer {
    const { opcode } = request
    if (opcode === Opcode.INIT) return this.init(request)
    if (opcode === Opcode.DESTROY) return this.end(request, 0)
    if (opcode === Opcode.STATFS) return this.statfs(request)
    if (opcode === Opcode.RELEASE) return this.release(request)
    if (WRITING.has(opcode)) return this.refuse(request, Errno.EROFS)
    const entry = this.tree.entryOf(request.node)
    if (entry < 0) return this.refuse(request, Errno.ENOENT)
    switch (opcode) {
      case Opcode.LOOKUP:
        return this.lookup(request, entry)
      case Opcode.GETATTR:
        writeAttributesOut(this.answer, Length.outHeader, this.tree.node(entry), this.options)
        return this.end(request, Length.attributesOut)
      case Opcode.READLINK:
        return this.readLink(request, entry)
      case Opcode.OPEN:
        return this.open(request, entry)
      case Opcode.OPENDIR:
        return this.openFolder(request, entry)
      case Opcode.READ:
        return this.read(request)
      case Opcode.READDIR:
      case Opcode.READDIRPLUS:
        return this.readFolder(request, entry)
      case Opcode.ACCESS:
        return this.access(request)
      case Opcode.RELEASEDIR:
      case Opcode.FLUSH:
      case Opcode.FSYNC:
      case Opcode.FSYNCDIR:
        return this.end(request, 0)
      default:
        // Also for GETXATTR and LISTXATTR: the kernel then tells everybody that there are none, and asks no more.
        return this.refuse(request, Errno.ENOSYS)
    }
  }

  /** `fuse_init_in` and `fuse_init_out`. A newer kernel goes by the version that it is answered. */
  private init(request: Request): Answer {
    const { body } = request
    if (body.byteLength < Length.initIn) return this.refuse(request, Errno.EINVAL)
    const [major, minor] = [body.readUInt32LE(0), body.readUInt32LE(4)]
    if (major < FUSE_KERNEL_VERSION || (major === FUSE_KERNEL_VERSION && minor < FUSE_KERNEL_MINOR_VERSION)) {
      this.onReady(false)
      return this.refuse(request, Errno.EPROTO)
    }
    const wanted = Object.values(InitFlag).reduce((all, flag) => all | flag, 0)
    const at = Length.outHeader
    const { answer } = this
    answer.fill(0, at, at + Length.initOut)
    answer.writeUInt32LE(FUSE_KERNEL_VERSION, at)
    answer.writeUInt32LE(FUSE_KERNEL_MINOR_VERSION, at + 4)
    // A kernel of a later major version asks again, in this one.
    if (major > FUSE_KERNEL_VERSION) return this.end(request, Length.initOut)
    answer.writeUInt32LE(Math.min(READ_LIMIT, body.readUInt32LE(8)), at + 8)
    answer.writeUInt32LE((body.readUInt32LE(12) & wanted) >>> 0, at + 12)
    const MAX_BACKGROUND = 32
    answer.writeUInt16LE(MAX_BACKGROUND, at + 16)
    answer.writeUInt16LE((MAX_BACKGROUND * 3) / 4, at + 18)
    answer.writeUInt32LE(4096, at + 20)
    answer.writeUInt32LE(1, at + 24)
    answer.writeUInt16LE(MAX_PAGES, at + 28)
    this.onReady(true)
    return this.end(request, Length.initOut)
  }

  private lookup(request: Request, folder: number): Answer {
    const name = readName(request.body)
    if (name === null) return this.refuse(request, Errno.EINVAL)
    if (name.byteLength > NAME_LIMIT) return this.refuse(request, Errno.ENAMETOOLONG)
    if (!this.tree.isFolder(folder)) return this.refuse(request, Errno.ENOTDIR)
    const entry = this.tree.find(folder, name)
    if (entry < 0) writeNoEntry(this.answer, Length.outHeader)
    else writeEntryOut(this.answer, Length.outHeader, this.tree.node(entry), this.options)
    return this.end(request, Length.entryOut)
  }

  private readLink(request: Request, entry: number): Answer {
    const target = this.tree.targetOf(entry)
    if (target === null) return this.refuse(request, Errno.EINVAL)
    // The system would cut a target at a NUL, and go where nobody has pointed.
    if (target.byteLength > TARGET_LIMIT || target.byteLength === 0 || target.includes(0))
      return this.refuse(request, Errno.EIO)
    this.answer.set(target, Length.outHeader)
    return this.end(request, target.byteLength)
  }

  private open(request: Request, entry: number): Answer {
    const { body } = request
    if (body.byteLength < Length.openIn) return this.refuse(request, Errno.EINVAL)
    if (this.tree.isFolder(entry)) return this.refuse(request, Errno.EISDIR)
    if (!this.tree.isFile(entry)) return this.refuse(request, Errno.EACCES)
    if ((body.readUInt32LE(0) & O_ACCMODE) !== 0) return this.refuse(request, Errno.EROFS)
    if (this.options.isRewritten?.() === true) return this.refuse(request, Errno.EIO)
    const file = openFile(this.tree.table, entry)
    const handle = ++this.lastHandle
    this.handles.set(handle, file)
    // The kernel takes a short answer for the end of a file that it keeps: what has holes is not kept.
    return this.opened(request, handle, file.isWhole ? OpenFlag.KEEP_CACHE : OpenFlag.DIRECT_IO)
  }

  private openFolder(request: Request, entry: number): Answer {
    if (!this.tree.isFolder(entry)) return this.refuse(request, Errno.ENOTDIR)
    return this.opened(request, 0, OpenFlag.KEEP_CACHE | OpenFlag.CACHE_DIR)
  }

  private opened(request: Request, handle: number, flags: number): Answer {
    writeU64(this.answer, handle, Length.outHeader)
    writeU64(this.answer, flags, Length.outHeader + 8)
    return this.end(request, Length.openOut)
  }

  private release(request: Request): MaybeAnswer {
    if (request.body.byteLength < Length.releaseIn) return this.refuse(request, Errno.EINVAL)
    const handle = readU64(request.body, 0)
    const file = this.handles.get(handle)
    this.handles.delete(handle)
    const closed = Promise.resolve(file?.close())
    closed.catch(() => undefined)
    return this.end(request, 0)
  }

  private read(request: Request): MaybeAnswer {
    const wanted = readReadIn(request.body)
    if (wanted === null || wanted.byteLength > READ_LIMIT) return this.refuse(request, Errno.EINVAL)
    const file = this.handles.get(wanted.handle)
    const entry = this.tree.entryOf(request.node)
    if (file === undefined || !this.tree.isFile(entry)) return this.refuse(request, Errno.EBADF)
    const there = this.tree.table.byteLengthOf(entry) - wanted.byteOffset
    const length = Math.max(0, Math.min(wanted.byteLength, there))
    if (length === 0) return this.end(request, 0)
    if (file.readNow === undefined) {
      // An answer that takes a while needs memory of its own.
      const own = Buffer.allocUnsafeSlow(Length.outHeader + length)
      return this.readLater(request, file, own, wanted.byteOffset)
    }
    const target = this.answer.subarray(Length.outHeader, Length.outHeader + length)
    const count = file.readNow(target, wanted.byteOffset)
    return count === length ? this.end(request, count) : this.refuse(request, Errno.EIO)
  }

  private async readLater(request: Request, file: FileReader, own: Buffer, byteOffset: number): Promise<Answer> {
    const { uniqueLow, uniqueHigh } = request
    const target = own.subarray(Length.outHeader)
    const count = await file.readInto(target, byteOffset)
    const isEnough = count === target.byteLength || (count > 0 && !file.isWhole)
    const length = Length.outHeader + (isEnough ? count : 0)
    writeOutHeader(own, { uniqueLow, uniqueHigh }, isEnough ? 0 : Errno.EIO, length)
    return own.subarray(0, length)
  }

  /** `fuse_dirent` or `fuse_direntplus`, one after another. The place of each is how many lie before the next one. */
  private readFolder(request: Request, folder: number): Answer {
    const wanted = readReadIn(request.body)
    if (wanted === null) return this.refuse(request, Errno.EINVAL)
    if (!this.tree.isFolder(folder)) return this.refuse(request, Errno.ENOTDIR)
    const { table } = this.tree
    const { answer } = this
    const isPlus = request.opcode === Opcode.READDIRPLUS
    const head = isPlus ? Length.entryOut : 0
    const first = table.firstChildOf(folder)
    const end = Length.outHeader + Math.min(wanted.byteLength, READ_LIMIT)
    const total = table.childCountOf(folder) + DOTS
    let at: number = Length.outHeader
    for (let place = wanted.byteOffset; place < total; place++) {
      const entry = place >= DOTS ? first + place - DOTS : place === 0 ? folder : table.parentOf(folder)
      const name = place >= DOTS ? this.tree.nameOf(entry) : DOT_NAMES[place === 0 ? 0 : 1]
      if (at + head + directoryEntryLength(name.byteLength) > end) break
      const [number, type] = [this.tree.numberOf(entry), this.tree.typeOf(entry)]
      if (isPlus && place >= DOTS) writeEntryOut(answer, at, this.tree.node(entry), this.options)
      // Number 0: the kernel is to look none of it up.
      else if (isPlus) answer.fill(0, at, at + head)
      at = writeDirectoryEntry(answer, at + head, { number, type, name, next: place + 1 })
    }
    return this.end(request, at - Length.outHeader)
  }

  private access(request: Request): Answer {
    if (request.body.byteLength < Length.accessIn) return this.refuse(request, Errno.EINVAL)
    return (request.body.readUInt32LE(0) & W_OK) === 0 ? this.end(request, 0) : this.refuse(request, Errno.EROFS)
  }

  /** `fuse_statfs_out`: a full disk without room. */
  private statfs(request: Request): Answer {
    const at = Length.outHeader
    const { answer } = this
    answer.fill(0, at, at + Length.statfsOut)
    writeU64(answer, Math.ceil(this.options.byteLength / BLOCK_LENGTH), at)
    writeU64(answer, this.tree.table.length, at + 24)
    answer.writeUInt32LE(BLOCK_LENGTH, at + 40)
    answer.writeUInt32LE(NAME_LIMIT, at + 44)
    answer.writeUInt32LE(BLOCK_LENGTH, at + 48)
    return this.end(request, Length.statfsOut)
  }

  private end(request: Request, byteLength: number): Answer {
    const length = Length.outHeader + byteLength
    writeOutHeader(this.answer, request, 0, length)
    return this.answer.subarray(0, length)
  }

  private refuse(request: Request, error: number): Answer {
    writeOutHeader(this.answer, request, error, Length.outHeader)
    return this.answer.subarray(0, Length.outHeader)
  }
}

const DOT_NAMES = [Buffer.from('.'), Buffer.from('..')] as const
