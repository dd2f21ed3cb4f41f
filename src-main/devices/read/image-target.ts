import fs from 'node:fs'
import path from 'node:path'
import { asSinkError, AtomicFile } from '../../sinks/atomic-file'
import { MadeFolders } from '../../sinks/made-folders'

/** The image while it is written: what nothing is written to stays a hole. Errors are {@link SinkError}s. */
export interface ImageTarget {
  setLength(byteLength: number): void
  write(bytes: Buffer, at: number): void
  /** Until what was written is on its disk: a map that is saved then says nothing that is not there. */
  sync(): void
  finish(): void
  /** Never throws. */
  discard(): void
}

/** An image without a map gets its name when it is finished: half of one looks like no other file. */
export function wholeTarget(target: string): ImageTarget {
  const file = new AtomicFile(target)
  return {
    ...guarded(target, file),
    finish: () => {
      file.sync()
      file.commit()
    },
    discard: () => {
      file.discard()
    },
  }
}

/**
 * An image that has a map beside it, which says what of it is there: it stays, whatever happens.
 * @param map its folders are made, too
 * @param isResumed it already exists
 */
export function keptTarget(target: string, map: string, isResumed: boolean): ImageTarget {
  const { O_RDWR, O_CREAT, O_EXCL } = fs.constants
  const folders: MadeFolders[] = []
  const removeFolders = (): void => {
    for (const each of folders.toReversed()) each.remove()
  }
  let descriptor: number
  try {
    for (const each of [target, map]) folders.push(new MadeFolders(path.dirname(path.resolve(each))))
    descriptor = fs.openSync(target, isResumed ? O_RDWR : O_RDWR | O_CREAT | O_EXCL, 0o666)
  } catch (error) {
    removeFolders()
    throw asSinkError(error, target)
  }
  let isOpen = true
  const close = (): void => {
    if (isOpen) fs.closeSync(descriptor)
    isOpen = false
  }
  const plain = guarded(target, {
    setLength: (byteLength) => {
      fs.ftruncateSync(descriptor, byteLength)
    },
    write: (bytes, at) => {
      for (let done = 0; done < bytes.byteLength;)
        done += fs.writeSync(descriptor, bytes, done, bytes.byteLength - done, at + done)
    },
    sync: () => {
      if (isOpen) fs.fdatasyncSync(descriptor)
    },
  })
  return {
    ...plain,
    finish: () => {
      plain.sync()
      close()
    },
    discard: () => {
      close()
      removeFolders()
    },
  }
}

type Written = Pick<ImageTarget, 'setLength' | 'write' | 'sync'>

/** As sentences that name the image: what it is read from has errors with the same codes. */
function guarded(target: string, file: Written): Written {
  const named = (act: () => void): void => {
    try {
      act()
    } catch (error) {
      throw asSinkError(error, target)
    }
  }
  return {
    setLength: (byteLength) => {
      named(() => {
        file.setLength(byteLength)
      })
    },
    write: (bytes, at) => {
      named(() => {
        file.write(bytes, at)
      })
    },
    sync: () => {
      named(() => {
        file.sync()
      })
    },
  }
}
