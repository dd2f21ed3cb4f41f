/** The calls of Linux for extended attributes, xattr(7). Node has none of them. */
export interface AttributeCalls {
  /** The names that a thing has; of a link itself. None where its file system has no attributes. */
  list(itemPath: string | Buffer): string[]
  /** Null where it has gone meanwhile. */
  get(itemPath: string | Buffer, name: string): Buffer | null
  /** @returns whether the system took it */
  set(itemPath: string | Buffer, name: string, value: Buffer): boolean
}

/** The longest list, and the longest value, that Linux has: XATTR_LIST_MAX and XATTR_SIZE_MAX. In bytes. */
const LONGEST = 64 << 10

let loading: Promise<AttributeCalls | null> | undefined

/** Null where there are no such calls: on other systems, and where the optional package for calling C is not installed. */
export function attributeCalls(): Promise<AttributeCalls | null> {
  return (loading ??= load())
}

async function load(): Promise<AttributeCalls | null> {
  if (process.platform !== 'linux') return null
  try {
    const { default: koffi } = await import('koffi')
    // What this process has loaded already: its C library, whichever that is.
    const library = koffi.load(null)
    const list = library.func('intptr_t llistxattr(const uint8_t *path, _Out_ uint8_t *names, size_t size)') as Call
    const get = library.func(
      'intptr_t lgetxattr(const uint8_t *path, const uint8_t *name, _Out_ uint8_t *value, size_t size)',
    ) as Call
    const set = library.func(
      'int lsetxattr(const uint8_t *path, const uint8_t *name, const uint8_t *value, size_t size, int flags)',
    ) as Call
    const buffer = Buffer.alloc(LONGEST)
    return {
      list(itemPath) {
        const length = list(terminated(itemPath), buffer, LONGEST)
        return length <= 0 ? [] : buffer.toString('latin1', 0, length - 1).split('\0')
      },
      get(itemPath, name) {
        const length = get(terminated(itemPath), terminated(Buffer.from(name, 'latin1')), buffer, LONGEST)
        return length < 0 ? null : Buffer.from(buffer.subarray(0, length))
      },
      set: (itemPath, name, value) =>
        set(terminated(itemPath), terminated(Buffer.from(name, 'latin1')), value, value.byteLength, 0) === 0,
    }
  } catch {
    return null
  }
}

type Call = (...operands: (Buffer | number)[]) => number

function terminated(text: string | Buffer): Buffer {
  return Buffer.concat([typeof text === 'string' ? Buffer.from(text) : text, Buffer.of(0)])
}
