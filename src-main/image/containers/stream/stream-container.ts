import type { ByteSource } from '../../core/byte-source'
import type { Container, ContainerLook } from '../container'
import type { Likelihood } from '../../core/likelihood'
import { unpackStream, type StreamDecoder } from './stream'

interface StreamFormat {
  id: string
  /** Of compressed files, without the dot. */
  extension: string
  probe: (look: ContainerLook) => Likelihood
  decode: StreamDecoder
  /** For formats whose signature may lie anywhere: looks for it where the first bytes leave it open. */
  isStream?: (source: ByteSource) => Promise<boolean>
}

/** A format that compresses a file as a whole, so that it is unpacked before it is read. */
export function streamContainer({ id, extension, probe, decode, isStream = yes }: StreamFormat): Container {
  const suffix = `.${extension}`
  return {
    id,
    probe,
    isStream,
    open: async (source, context) => {
      if (!(await isStream(source))) return null
      const isNamed = context.name.toLowerCase().endsWith(suffix)
      const name = isNamed ? context.name.slice(0, -suffix.length) : context.name
      return { blocks: await unpackStream(source, decode, name, context), labels: [id], name }
    },
  }
}

const yes = (): Promise<boolean> => Promise.resolve(true)
