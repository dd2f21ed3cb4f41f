// The block decoders. Nothing is imported and nothing allocated: whoever calls puts the input where `firstFree` says and
// further on, the output behind it, and leaves so much room behind each as `slack` says, of zeros behind the input.
import { SLACK } from './copy'

export { lz4 } from './lz4'
export { crc64 } from './crc64'
export {
  lzmaFrom,
  lzmaGive,
  lzmaIsDone,
  lzmaLength,
  lzmaModelSize,
  lzmaPlace,
  lzmaPut,
  lzmaResetDictionary,
  lzmaResetState,
  lzmaRest,
  lzmaRestart,
  lzmaRun,
  lzmaSetProperties,
  lzmaSlide,
} from './lzma'
export { lzms } from './lzms'
export { TARGETS_SIZE as lzmsMemory } from './lzms-x86'
export { lzo } from './lzo'
export { lzx } from './lzx'
export { xpress } from './xpress'

export function firstFree(): usize {
  return __heap_base
}

export function slack(): u32 {
  return SLACK
}
