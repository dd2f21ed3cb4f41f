// The block decoders. Nothing is imported and nothing allocated: whoever calls puts the input where `firstFree` says and
// further on, the output behind it, and leaves so much room behind each as `slack` says, of zeros behind the input.
import { SLACK } from './copy'

export { lz4 } from './lz4'
export { adc } from './adc'
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
export { lzfse } from './lzfse'
export { lzms, lzmsReached } from './lzms'
export { TARGETS_SIZE as lzmsMemory } from './lzms-x86'
export { lznt1 } from './lznt1'
export { lzo } from './lzo'
export { lzvn } from './lzvn'
export { lzx } from './lzx'
export { xpress } from './xpress'
export { xxh64Begin, xxh64End, xxh64Stripes } from './xxh64'

export function firstFree(): usize {
  return __heap_base
}

export function slack(): u32 {
  return SLACK
}
